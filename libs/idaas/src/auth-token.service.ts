import { Logger } from '@nestjs/common';
import { readAuthToken, type AuthToken } from './auth-token.js';
import { authenticationWith } from './authentication.js';
import type { CredentialsSource } from './credentials-source.js';
import type { Deadline } from './deadline.js';
import {
  AuthenticationRefused,
  CredentialsRefused,
  UpstreamBusy,
  UpstreamInvalidResponse,
} from './idaas.problems.js';
import { ExponentialBackoff } from './exponential-backoff.js';
import type { Send, UpstreamResponse } from './send.js';
import { isRefusedBefore, pauseOf } from './response-parser.js';

export interface AuthTokenOptions {
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * The upstream's auth token. One authentication at a time, shared by all who need it; renewed behind the
 * requests before it ends. Refused credentials are not tried again at once, so that a wrong secret does not
 * lock the account, nor is an upstream that asks for a pause or is not itself; tokens that are refused although fresh are not renewed in a loop.
 */
export class AuthTokenService {
  private readonly log = new Logger('AuthToken');
  private readonly refusals = new ExponentialBackoff(1_000, 300_000);
  private readonly busyTimes = new ExponentialBackoff(500, 5_000);
  private readonly failedRenewals = new ExponentialBackoff(250, 10_000);
  private readonly forcedRenewals = new ExponentialBackoff(2_000, 60_000);
  private lastRefusal: CredentialsRefused | undefined;
  private lastBusy = '';
  private token: AuthToken | undefined;
  private renewing: Promise<AuthToken> | undefined;
  private renewedAtMs: number | undefined;
  private renewalCount = 0;

  constructor(
    private readonly send: Send,
    private readonly credentials: CredentialsSource,
    private readonly options: AuthTokenOptions,
  ) {
    credentials.onChange(() => this.forget());
  }

  /** How old the token is; undefined while there is none. */
  get ageMs(): number | undefined {
    return this.renewedAtMs === undefined ? undefined : this.options.now() - this.renewedAtMs;
  }

  /** How often a token was got. */
  get renewals(): number {
    return this.renewalCount;
  }

  /** Whether the upstream refused the credentials when they were last sent. */
  get isRefused(): boolean {
    return this.lastRefusal !== undefined;
  }

  /** A token to send, at once where there is one. Rejects as the authentication does, or with `CredentialsRefused` or `UpstreamBusy` during a pause. */
  current(deadline?: Deadline): string | Promise<string> {
    const nowMs = this.options.now();
    const { token } = this;
    if (!token || token.expiresAtMs <= nowMs) return withinReach(this.renew(), deadline);
    if (token.renewAtMs <= nowMs && this.failedRenewals.leftMs(nowMs) === 0) this.renewBehind();
    return token.value;
  }

  /** After a 401 for this token: another one, unless fresh tokens were refused just now as well. */
  async renewedAfterRefusal(refused: string, deadline?: Deadline): Promise<string> {
    if (this.token?.value !== refused) return this.current(deadline);
    const nowMs = this.options.now();
    const pauseMs = this.forcedRenewals.leftMs(nowMs);
    if (pauseMs > 0) {
      throw new CredentialsRefused('The upstream refuses fresh auth tokens.', { retryAfterMs: pauseMs });
    }
    this.forcedRenewals.failed(nowMs);
    this.token = undefined;
    return this.current(deadline);
  }

  /** The renewed token was accepted: the next refusal is a fresh one, and no sign of a loop. */
  renewalHelped(): void {
    this.forcedRenewals.succeeded();
  }

  private forget(): void {
    this.lastRefusal = undefined;
    this.token = undefined;
    this.renewing = undefined;
    this.refusals.succeeded();
    this.busyTimes.succeeded();
    this.forcedRenewals.succeeded();
  }

  private renewBehind(): void {
    this.renew().then(
      () => this.failedRenewals.succeeded(),
      (error: unknown) => {
        this.failedRenewals.failed(this.options.now());
        this.log.warn({ err: error }, 'the auth token could not be renewed yet');
      },
    );
  }

  private renew(): Promise<AuthToken> {
    if (this.renewing) return this.renewing;
    const renewing = this.authenticate().finally(() => {
      if (this.renewing === renewing) this.renewing = undefined;
    });
    this.renewing = renewing;
    return renewing;
  }

  private async authenticate(): Promise<AuthToken> {
    this.requireNoPause(this.options.now());
    const asked = this.credentials.current;
    const response = await this.ask();
    // What was said of others says nothing of the credentials that are in force by now.
    if (asked !== this.credentials.current) return this.authenticate();
    this.token = this.accept(response);
    return this.token;
  }

  private requireNoPause(nowMs: number): void {
    const pauseMs = this.refusals.leftMs(nowMs);
    if (pauseMs > 0 && this.lastRefusal) {
      throw new AuthenticationRefused(this.lastRefusal.detail, {
        retryAfterMs: pauseMs,
        cause: this.lastRefusal,
      });
    }
    const busyMs = this.busyTimes.leftMs(nowMs);
    if (busyMs > 0) throw new UpstreamBusy(busyMs, { detail: this.lastBusy });
  }

  private ask(): Promise<UpstreamResponse> {
    return this.send(authenticationWith(this.credentials.current, this.options.timeoutMs));
  }

  private accept(response: UpstreamResponse): AuthToken {
    const nowMs = this.options.now();
    const { status } = response;
    if (saysNothingOfCredentials(response)) throw this.busy(response, nowMs);
    if (status >= 400) throw this.refused(status, nowMs);
    const token = status < 300 ? readAuthToken(parsed(response.text), nowMs) : undefined;
    if (!token) throw new UpstreamInvalidResponse(`to the authentication was a ${status} without a token`);
    this.refusals.succeeded();
    this.busyTimes.succeeded();
    this.lastRefusal = undefined;
    [this.renewedAtMs, this.renewalCount] = [nowMs, this.renewalCount + 1];
    return token;
  }

  private refused(status: number, nowMs: number): CredentialsRefused {
    this.refusals.failed(nowMs);
    this.lastRefusal = new AuthenticationRefused(`The upstream answered ${status} to the authentication.`, {
      retryAfterMs: this.refusals.leftMs(nowMs),
    });
    return this.lastRefusal;
  }

  private busy(response: UpstreamResponse, nowMs: number): UpstreamBusy {
    this.busyTimes.failed(nowMs, pauseOf(response));
    const page = isRefusedBefore(response)
      ? ' with a web page, as a firewall or a proxy before the upstream shows it'
      : '';
    this.lastBusy = `The answer to the authentication was ${response.status}${page}.`;
    return new UpstreamBusy(this.busyTimes.leftMs(nowMs), { detail: this.lastBusy });
  }
}

/** What says only that it is not the time: nobody has looked at the credentials, or it is not known. */
function saysNothingOfCredentials(response: UpstreamResponse): boolean {
  const { status } = response;
  return status === 408 || status === 429 || status >= 500 || isRefusedBefore(response);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits for the token no longer than the one who waits has time; the renewal, which is for all, goes on. */
function withinReach(renewal: Promise<AuthToken>, deadline: Deadline | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    deadline?.onExpiry(reject);
    renewal.then(({ value }) => resolve(value), reject);
  });
}
