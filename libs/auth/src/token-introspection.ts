import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SingleFlight } from '#libs/concurrency';
import { Metrics, RepeatedLines } from '#libs/telemetry';
import { AuthConfig } from './auth.config.js';
import { IntrospectionUnavailable, InvalidToken } from './auth.problems.js';
import type { Claims } from './claim-path.js';
import { readPrincipal } from './claims.reader.js';
import { introspect } from './introspection-request.js';
import { IssuerClient } from './issuer-client.js';
import type { Principal } from './principal.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { TokenCache } from './token.cache.js';

/** How long a token is taken to last whose issuer does not say so; it is asked about again all the same. */
const UNSAID_LIFE_SECONDS = 3_600;
const RETRY_MS = 1_000;
/** After so many failures in a row an issuer is not asked for a while. */
const FAILURES = 3;

/** What is going on with one issuer; the others do not suffer from it. */
interface Questions {
  underWay: number;
  failures: number;
  pausedUntilMs: number;
}

/**
 * Asks issuers about their tokens (RFC 7662): once for all who present the same token at once, and again when the answer is older than
 * the token or the bound. Refusals are remembered for a moment, apart from what is known, so that garbage pushes nothing out.
 */
@Injectable()
export class TokenIntrospection {
  private readonly log = new Logger('TokenIntrospection');
  private readonly lines = new RepeatedLines(() => performance.now());
  private readonly asking = new SingleFlight<Principal>();
  private readonly refused: LRUCache<string, InvalidToken>;
  /** By issuer, since the policy was changed. */
  private questions = new Map<string, Questions>();
  private askedUnderVersion = -1;
  private count = 0;

  constructor(
    private readonly tokens: TokenCache,
    private readonly issuers: TrustedIssuers,
    private readonly client: IssuerClient,
    private readonly config: AuthConfig,
    metrics: Metrics,
  ) {
    this.refused = new LRUCache({ max: config.tokenCacheEntries, ttl: config.introspectionRefusedMs });
    const help = 'Access tokens asked about at their issuers since the start.';
    metrics.gauge('token_introspections', help, () => this.count);
  }

  /** Whose token it is. Rejects with {@link InvalidToken} or {@link IntrospectionUnavailable}. */
  principalOf(token: string, issuer: TrustedIssuer): Promise<Principal> {
    const key = `${this.issuers.version} ${hash('sha256', token, 'base64')}`;
    const refusal = this.refused.get(key);
    if (refusal) return Promise.reject(refusal);
    return this.asking.run(key, () => this.ask(token, issuer, key));
  }

  /** What the issuer says of an active token, with what the policy knows without it. Rejects like `principalOf`. */
  async claimsOf(token: string, issuer: TrustedIssuer): Promise<Claims> {
    const claims = await this.answered(token, issuer);
    if (!claims) throw new InvalidToken('inactive', 'the issuer says that the token is not active');
    if (claims.iss !== undefined && claims.iss !== issuer.issuer)
      throw new InvalidToken('issuer', 'the token is of another issuer than the one that was asked');
    return { exp: Math.floor(Date.now() / 1000) + UNSAID_LIFE_SECONDS, ...claims };
  }

  private async ask(token: string, issuer: TrustedIssuer, key: string): Promise<Principal> {
    const { version } = this.issuers;
    try {
      const payload = await this.claimsOf(token, issuer);
      const principal = readPrincipal({ header: { alg: 'none' }, payload }, issuer, this.config);
      this.tokens.remember(token, principal, version, Date.now() + this.config.introspectionCacheMs);
      return principal;
    } catch (error) {
      if (error instanceof InvalidToken) this.refused.set(key, error);
      throw error;
    }
  }

  private async answered(
    token: string,
    { issuer, introspection }: TrustedIssuer,
  ): Promise<Claims | undefined> {
    if (!introspection) throw new Error(`${issuer} has no introspection`);
    const questions = this.questionsTo(issuer);
    this.count += 1;
    questions.underWay += 1;
    try {
      const signal = AbortSignal.timeout(this.config.introspectionTimeoutMs);
      const claims = await introspect(token, issuer, introspection, this.client.ask, signal);
      questions.failures = 0;
      return claims;
    } catch (error) {
      questions.failures += 1;
      if (questions.failures >= FAILURES) questions.pausedUntilMs = performance.now() + RETRY_MS;
      const reason = error instanceof Error ? error.message : 'unknown';
      if (this.lines.isDue(`${issuer} ${reason}`))
        this.log.error(
          { issuer, reason },
          'the issuer cannot be asked about its tokens; they are answered 503',
        );
      throw new IntrospectionUnavailable(RETRY_MS, error);
    } finally {
      questions.underWay -= 1;
    }
  }

  /** Throws {@link IntrospectionUnavailable} where the issuer has as many as it may, or has just failed again and again. */
  private questionsTo(issuer: string): Questions {
    if (this.askedUnderVersion !== this.issuers.version) this.questions = new Map();
    this.askedUnderVersion = this.issuers.version;
    const questions = this.questions.get(issuer) ?? { underWay: 0, failures: 0, pausedUntilMs: -Infinity };
    this.questions.set(issuer, questions);
    if (
      questions.underWay >= this.config.introspectionParallel ||
      performance.now() < questions.pausedUntilMs
    )
      throw new IntrospectionUnavailable(RETRY_MS);
    return questions;
  }
}
