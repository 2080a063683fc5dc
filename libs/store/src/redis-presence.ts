import type { RedisConnection } from './redis-connection.js';

const PROBE_IN_DOUBT_MS = 200;
const PROBE_IN_CALM_MS = 2_000;

export interface PresenceSeen {
  /** It answers, or does not any more. */
  changed(isUp: boolean): void;
  /** A write was refused with this error, or undefined: one was made again. */
  troubled(error: unknown): void;
}

/**
 * Whether Redis answers, and whether it can be used: it may answer each read and refuse each write. Both are found out by writes in the
 * background. One command that gets no answer is enough for doubt; from then on nobody waits for Redis until a probe was answered.
 */
export class RedisPresence {
  private up = false;
  private trouble: unknown;
  private next: NodeJS.Timeout | undefined;
  private isSuspected = false;
  private isClosed = false;

  constructor(
    private readonly redis: RedisConnection,
    /** Writes something: resolves with the error that it was refused with, or undefined; rejects when there is no answer. */
    private readonly write: () => Promise<unknown>,
    private readonly timeoutMs: number,
    private readonly seen: PresenceSeen,
  ) {
    redis.on('ready', () => this.probe());
    redis.on('close', () => this.doubt());
    redis.on('end', () => this.doubt());
    this.doubt();
  }

  /** Whether it answers. */
  get isUp(): boolean {
    return this.up;
  }

  /** Why it refuses writes; undefined while it does not, or does not even answer. */
  get refusal(): unknown {
    return this.trouble;
  }

  /** It did not answer. */
  doubt(): void {
    this.trouble = undefined;
    this.becomeUp(false);
    this.probeIn(Math.max(PROBE_IN_DOUBT_MS, this.timeoutMs));
  }

  /** It has refused something: it may refuse everything. */
  suspect(): void {
    if (this.isSuspected) return;
    this.isSuspected = true;
    this.probeIn(PROBE_IN_DOUBT_MS);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.next);
    this.redis.removeAllListeners('close').removeAllListeners('end').removeAllListeners('ready');
  }

  private probeIn(ms: number): void {
    clearTimeout(this.next);
    if (!this.isClosed) this.next = setTimeout(() => this.probe(), ms).unref();
  }

  private probe(): void {
    if (this.redis.status !== 'ready') return this.probeIn(PROBE_IN_DOUBT_MS);
    this.write().then(
      (refusal) => this.answered(refusal),
      () => this.doubt(),
    );
  }

  private answered(refusal: unknown): void {
    this.isSuspected = false;
    this.becomeUp(true);
    this.becomeTroubled(refusal);
    this.probeIn(refusal === undefined ? PROBE_IN_CALM_MS : PROBE_IN_DOUBT_MS);
  }

  private becomeUp(isUp: boolean): void {
    if (this.up === isUp) return;
    this.up = isUp;
    this.seen.changed(isUp);
  }

  private becomeTroubled(refusal: unknown): void {
    const before = this.trouble;
    this.trouble = refusal;
    if (before !== undefined || refusal !== undefined) this.seen.troubled(refusal);
  }
}
