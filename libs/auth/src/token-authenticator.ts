import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { Problem } from '#libs/problem';
import { looksLikeJws, readAccessToken, requireOpaqueForm, type AccessToken } from './access-token.js';
import { AuthConfig } from './auth.config.js';
import { InvalidToken } from './auth.problems.js';
import { presentedToken, type AuthorizedRequest } from './bearer-token.js';
import { readPrincipal } from './claims.reader.js';
import { DistributedRolesLog } from './distributed-roles.js';
import { ed25519Holds } from './ed25519-signature.js';
import { JwtStrategy, type CheckedRequest } from './jwt.strategy.js';
import { isEd25519 } from './key-requirements.js';
import type { Principal } from './principal.js';
import { roleClaims, type RoleClaim } from './role-claims.js';
import { TokenVerifier } from './token-verifier.js';
import { TokenIntrospection } from './token-introspection.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import { requireCurrent } from './token-times.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { trustedIssuerOf, verificationKeys } from './verification-keys.js';
import { TokenCache } from './token.cache.js';

class BadSignature extends InvalidToken {
  constructor() {
    super('signature', 'the signature of the token does not hold');
  }
}

/** Finds out who is calling. Every way into the gateway asks here, and nowhere else. */
@Injectable()
export class TokenAuthenticator {
  private readonly distributedRoles = new DistributedRolesLog();

  constructor(
    private readonly tokens: TokenCache,
    private readonly checks: TokenVerifier,
    private readonly issuers: TrustedIssuers,
    private readonly config: AuthConfig,
    private readonly strategy: JwtStrategy,
    private readonly introspection: TokenIntrospection,
  ) {}

  /**
   * The caller whose access token the request presents: at once where this process verified it before. Throws, or rejects with,
   * `InvalidToken` (401), and `IssuerKeysUnavailable` or `IntrospectionUnavailable` (503).
   */
  authenticate(request: AuthorizedRequest): Principal | Promise<Principal> {
    const token = presentedToken(request);
    return this.tokens.find(token) ?? this.verify(token);
  }

  /** The caller, and which claim of the token gave which role. Rejects like `authenticate`. */
  async explain(request: AuthorizedRequest): Promise<{ principal: Principal; roles: RoleClaim[] }> {
    const principal = await this.authenticate(request);
    const token = presentedToken(request);
    const { issuer } = this.issuers.find(principal.issuer) ?? {};
    if (!issuer) return { principal, roles: [] };
    const isRead = this.introspectorOf(token) === undefined && issuer.keySource.kind !== 'introspection';
    const claims = isRead
      ? readAccessToken(token, this.config.maxTokenBytes).payload
      : await this.introspection.claimsOf(token, issuer);
    return { principal, roles: roleClaims(claims, issuer) };
  }

  /** What can be refused for what the token says is refused before its signature costs anything. */
  private verify(token: string): Promise<Principal> {
    const introspector = this.introspectorOf(token);
    if (introspector) return this.introspect(token, introspector);
    const accessToken = readAccessToken(token, this.config.maxTokenBytes);
    const { issuer, keys } = trustedIssuerOf(this.issuers, accessToken);
    if (issuer.keySource.kind === 'introspection') return this.introspect(token, issuer);
    const read = this.read(token, accessToken);
    // Issuers that have changed by then, as they do with new keys, may make another caller of it.
    const current = () => (read.version === this.issuers.version ? read : this.read(token, accessToken));
    return this.checks
      .run(token, keys, () => this.checkSignature(current()))
      .then((principal) => this.noted(principal ?? Promise.reject(new BadSignature())));
  }

  private read(token: string, accessToken: AccessToken): ReadToken {
    const { version } = this.issuers;
    const { issuer } = trustedIssuerOf(this.issuers, accessToken);
    return { token, accessToken, version, principal: readPrincipal(accessToken, issuer, this.config) };
  }

  /** Of a token that is none by its looks. */
  private introspectorOf(token: string): TrustedIssuer | undefined {
    if (looksLikeJws(token)) return undefined;
    const issuer = this.issuers.introspectorOf(token);
    if (issuer) requireOpaqueForm(token, this.config.maxTokenBytes);
    return issuer;
  }

  private introspect(token: string, issuer: TrustedIssuer): Promise<Principal> {
    return this.noted(this.introspection.principalOf(token, issuer));
  }

  private async noted(found: Principal | Promise<Principal>): Promise<Principal> {
    const principal = await found;
    this.distributedRoles.note(principal);
    return principal;
  }

  /** Tries each key that may have signed it. Undefined when the signature holds with none. */
  private async checkSignature(read: ReadToken): Promise<Principal | undefined> {
    for (const key of await verificationKeys(this.issuers, read.accessToken)) {
      const principal = await this.checkWith(key, read);
      if (principal) return principal;
    }
    return undefined;
  }

  private async checkWith(key: KeyObject, read: ReadToken): Promise<Principal | undefined> {
    const { token, accessToken, principal } = read;
    if (!isEd25519(accessToken.header.alg)) return this.checkByPassport(key, read);
    requireCurrent(accessToken.payload, principal.expiresAtMs / 1000, this.config.clockToleranceSeconds);
    return ed25519Holds(token, key) ? principal : undefined;
  }

  /** Undefined when the signature does not hold. */
  private checkByPassport(key: KeyObject, { token, principal }: ReadToken): Promise<Principal | undefined> {
    return new Promise((resolve, reject) => {
      const request: CheckedRequest = { headers: { authorization: `Bearer ${token}` }, principal, key };
      const conclude = (error: unknown, user: Principal | false | null, info: unknown) => {
        if (user) return resolve(user);
        const problem = asProblem(error ?? info);
        if (problem instanceof BadSignature) resolve(undefined);
        else reject(problem);
      };
      // Passport writes what it concludes into the strategy: each check has one of its own.
      const strategy = Object.create(this.strategy) as JwtStrategy;
      // eslint-disable-next-line @typescript-eslint/no-unsafe-call -- passport's types know Express only
      passport.authenticate(strategy, { session: false }, conclude)(request, undefined, reject);
    });
  }
}

/** A token whose signature is still to be checked. */
interface ReadToken {
  readonly token: string;
  readonly accessToken: AccessToken;
  /** Of the issuers by which it was read. */
  readonly version: number;
  /** Whose it is, if its signature holds. */
  readonly principal: Principal;
}

/** jsonwebtoken's errors by their names: it is passport-jwt's own, and may stand in a program twice. */
function asProblem(error: unknown): Error {
  if (error instanceof Problem) return error;
  switch ((error as { name?: unknown } | undefined)?.name) {
    case 'TokenExpiredError':
      return new InvalidToken('expired', 'the token has expired');
    case 'NotBeforeError':
      return new InvalidToken('not-yet-valid', 'the token is not valid yet');
    case 'JsonWebTokenError':
      return new BadSignature();
    default:
      return error instanceof Error ? error : new Error('the token could not be checked', { cause: error });
  }
}
