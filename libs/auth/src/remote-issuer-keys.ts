import { KeyObject } from 'node:crypto';
import { errors } from 'jose';
import { IssuerKeysUnavailable } from './auth.problems.js';
import type { IssuerKeys, KeyHint } from './issuer-keys.js';
import type { KeySet } from './jwks-fetch.js';

export interface RemoteKeysOptions {
  /** Fetches the set anew; `text` tells a changed set from the same. */
  readonly fetch: () => Promise<{ keys: KeySet; text: string }>;
  /** The keys are others now: whatever was verified before must be verified again. */
  readonly changed: () => void;
  readonly now: () => number;
  readonly cooldownMs: number;
  readonly retryMs: number;
  readonly refreshMs: number;
}

/**
 * An issuer's published keys. A key id nobody knows costs at most one fetch per cooldown, shared by all who
 * wait for it, so garbage cannot make the gateway hammer the issuer, nor block a genuine rotation for longer
 * than one cooldown. While the issuer is away the last good keys serve on.
 */
export class RemoteIssuerKeys implements IssuerKeys {
  private current: { keys: KeySet; text: string } | undefined;
  private fetching: Promise<void> | undefined;
  private attemptedAtMs = -Infinity;
  private failure: unknown;

  constructor(private readonly options: RemoteKeysOptions) {}

  async find(hint: KeyHint): Promise<KeyObject | undefined> {
    if (this.sinceAttemptMs() >= this.options.refreshMs) this.refreshBehind();
    const known = await this.lookUp(hint);
    if (known) return known;
    await this.refreshOncePerCooldown();
    const found = await this.lookUp(hint);
    if (!found && this.failure !== undefined) throw this.unavailable();
    return found;
  }

  async renewedAfterBadSignature(): Promise<boolean> {
    const before = this.current?.text;
    await this.refreshOncePerCooldown();
    return this.current?.text !== before;
  }

  private async lookUp(hint: KeyHint): Promise<KeyObject | undefined> {
    if (!this.current) return undefined;
    try {
      const header = hint.kid === undefined ? { alg: hint.alg } : { alg: hint.alg, kid: hint.kid };
      return KeyObject.from(await this.current.keys(header));
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  private refreshBehind(): void {
    if (this.current) void this.refresh();
  }

  /** Waits for a fetch under way; starts one when the last is long enough ago; otherwise does nothing. */
  private async refreshOncePerCooldown(): Promise<void> {
    if (this.fetching || this.sinceAttemptMs() >= this.pauseMs()) await this.refresh();
  }

  /** Never rejects: a failed fetch is remembered and leaves the keys as they are. */
  private refresh(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    try {
      const fetched = await this.options.fetch();
      const isChange = this.current !== undefined && this.current.text !== fetched.text;
      this.current = fetched;
      this.failure = undefined;
      if (isChange) this.options.changed();
    } catch (error) {
      this.failure = error ?? new Error('unknown');
    }
    this.attemptedAtMs = this.options.now();
  }

  private pauseMs(): number {
    return this.failure === undefined ? this.options.cooldownMs : this.options.retryMs;
  }

  private sinceAttemptMs(): number {
    return this.options.now() - this.attemptedAtMs;
  }

  private unavailable(): IssuerKeysUnavailable {
    return new IssuerKeysUnavailable(this.pauseMs() - this.sinceAttemptMs(), this.failure);
  }
}
