import type { KeyObject } from 'node:crypto';
import { IssuerKeysUnavailable } from './auth.problems.js';
import type { IssuerKeys, KeyHint } from './issuer-keys.js';
import type { FetchedKeySet } from './key-set-fetch.js';
import { pauseAfterFailures, refreshAfter, type KeyTimes } from './key-times.js';

export interface RemoteKeysOptions {
  readonly fetch: (signal: AbortSignal) => Promise<FetchedKeySet>;
  /** The keys are others now: whatever was verified before must be verified again. */
  readonly changed: () => void;
  /** Is told how each fetch ended, and that a set has become too old. */
  readonly log: {
    fetched(set: FetchedKeySet, isChange: boolean): void;
    failed(error: unknown, ageMs: number | undefined): void;
    expired(): void;
  };
  readonly now: () => number;
  readonly times: KeyTimes;
}

interface KeptKeySet extends FetchedKeySet {
  /** From this age on it should have been fetched again. */
  readonly refreshMs: number;
}

/**
 * An issuer's published keys, fetched again by a clock, whether somebody asks for them or not: so a key that the issuer takes back
 * ends. A key id nobody knows costs at most one fetch per cooldown, shared by all who wait for it, so garbage cannot make the
 * gateway hammer the issuer, nor block a genuine rotation for longer than one cooldown. While the issuer is away the last set
 * serves on for `maxAgeMs`; then there are no keys.
 */
export class RemoteIssuerKeys implements IssuerKeys {
  private current: KeptKeySet | undefined;
  private fetching: Promise<void> | undefined;
  private attemptedAtMs = -Infinity;
  private failures = 0;
  private failure: unknown;
  private refreshTimer: NodeJS.Timeout | undefined;
  private expiryTimer: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();
  private lastFetchedAtMs: number;

  constructor(private readonly options: RemoteKeysOptions) {
    this.lastFetchedAtMs = options.now();
  }

  /** Fetches the keys now, and again by the clock until `stop`. */
  start(): this {
    void this.refresh();
    return this;
  }

  stop(): void {
    this.stopping.abort();
    clearTimeout(this.refreshTimer);
    clearTimeout(this.expiryTimer);
  }

  /** Since the keys were last fetched; where they never were, since they were first wanted. */
  get ageMs(): number {
    return this.options.now() - this.lastFetchedAtMs;
  }

  async find(hint: KeyHint): Promise<readonly KeyObject[]> {
    // A set that the clock could not renew in time says nothing of keys that were taken back since.
    if (this.isOverdue()) await this.refreshOncePerCooldown();
    const known = this.lookUp(hint);
    if (known.length > 0) return known;
    await this.refreshOncePerCooldown();
    const found = this.lookUp(hint);
    // Stopped while it was asked, it knows nothing of a key.
    if (found.length === 0 && (this.failure !== undefined || this.isStopped())) throw this.unavailable();
    return found;
  }

  async renewedAfterBadSignature(): Promise<boolean> {
    const before = this.current?.fingerprint;
    await this.refreshOncePerCooldown();
    return this.current?.fingerprint !== before;
  }

  private lookUp(hint: KeyHint): readonly KeyObject[] {
    return this.current && this.ageMs < this.options.times.maxAgeMs ? this.current.keysFor(hint) : [];
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private isOverdue(): boolean {
    return this.current !== undefined && this.ageMs >= this.current.refreshMs;
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
    const { signal } = this.stopping;
    if (this.isStopped()) return;
    try {
      const { timeoutMs } = this.options.times;
      const fetched = await this.options.fetch(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      if (!this.isStopped()) this.take(fetched);
    } catch (error) {
      if (!this.isStopped()) this.fail(error);
    }
    this.attemptedAtMs = this.options.now();
  }

  private take(fetched: FetchedKeySet): void {
    const { times, now, changed, log } = this.options;
    const isChange = this.current !== undefined && this.current.fingerprint !== fetched.fingerprint;
    this.lastFetchedAtMs = now();
    const refreshMs = refreshAfter(fetched.maxAgeMs, times);
    this.current = { ...fetched, refreshMs };
    this.failures = 0;
    this.failure = undefined;
    log.fetched(fetched, isChange);
    if (isChange) changed();
    this.refreshIn(refreshMs);
    clearTimeout(this.expiryTimer);
    this.expiryTimer = setTimeout(() => this.expire(), times.maxAgeMs).unref();
  }

  private fail(error: unknown): void {
    this.failures += 1;
    this.failure = error ?? new Error('unknown');
    this.options.log.failed(this.failure, this.current && this.ageMs);
    this.refreshIn(pauseAfterFailures(this.failures, this.options.times));
  }

  /** A little earlier, by chance: gateways that started together do not ask together, and what is in time is never overdue. */
  private refreshIn(delayMs: number): void {
    clearTimeout(this.refreshTimer);
    const earlyMs = delayMs * (0.9 + Math.random() * 0.05);
    this.refreshTimer = setTimeout(() => void this.refresh(), earlyMs).unref();
  }

  private expire(): void {
    this.current = undefined;
    this.options.log.expired();
    this.options.changed();
  }

  private pauseMs(): number {
    const { retryMs, cooldownMs } = this.options.times;
    if (this.failure !== undefined) return retryMs;
    return Math.min(cooldownMs, this.current?.refreshMs ?? cooldownMs);
  }

  private sinceAttemptMs(): number {
    return this.options.now() - this.attemptedAtMs;
  }

  private unavailable(): IssuerKeysUnavailable {
    return new IssuerKeysUnavailable(this.pauseMs() - this.sinceAttemptMs(), this.failure);
  }
}
