import type { RedisConnection } from './redis-connection.js';

const PROBE_WHEN_DOWN_MS = 200;
const PROBE_WHEN_UP_MS = 2_000;

export interface HealthListener {
  /** It answers, or does not any more. */
  changed(isUp: boolean): void;
  /** A write was refused with this error, or undefined: one was made again. */
  writesChanged(error: unknown): void;
}

/**
 * Whether Redis answers, and whether it can be used: it may answer each read and refuse each write. Both are found out by writes in the
 * background. After one command without an answer it counts as down, and from then on nobody waits for Redis until a probe was answered.
 */
export class RedisHealth {
  private up = false;
  private writeError: unknown;
  private next: NodeJS.Timeout | undefined;
  private isRecheckDue = false;
  private isClosed = false;

  constructor(
    private readonly redis: RedisConnection,
    /** Writes something: resolves with the error that it was refused with, or undefined; rejects when there is no answer. */
    private readonly write: () => Promise<unknown>,
    private readonly timeoutMs: number,
    private readonly listener: HealthListener,
  ) {
    redis.on('ready', () => this.probe());
    redis.on('close', () => this.markDown());
    redis.on('end', () => this.markDown());
    this.markDown();
  }

  /** Whether it answers. */
  get isUp(): boolean {
    return this.up;
  }

  /** Why it refuses writes; undefined while it does not, or does not even answer. */
  get refusal(): unknown {
    return this.writeError;
  }

  /** It did not answer. */
  markDown(): void {
    this.writeError = undefined;
    this.becomeUp(false);
    this.probeIn(Math.max(PROBE_WHEN_DOWN_MS, this.timeoutMs));
  }

  /** It has refused something: it may refuse everything. */
  recheckSoon(): void {
    if (this.isRecheckDue) return;
    this.isRecheckDue = true;
    this.probeIn(PROBE_WHEN_DOWN_MS);
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
    if (this.redis.status !== 'ready') return this.probeIn(PROBE_WHEN_DOWN_MS);
    this.write().then(
      (refusal) => this.answered(refusal),
      () => this.markDown(),
    );
  }

  private answered(refusal: unknown): void {
    this.isRecheckDue = false;
    this.becomeUp(true);
    this.noteWrite(refusal);
    this.probeIn(refusal === undefined ? PROBE_WHEN_UP_MS : PROBE_WHEN_DOWN_MS);
  }

  private becomeUp(isUp: boolean): void {
    if (this.up === isUp) return;
    this.up = isUp;
    this.listener.changed(isUp);
  }

  private noteWrite(refusal: unknown): void {
    const before = this.writeError;
    this.writeError = refusal;
    if (before !== undefined || refusal !== undefined) this.listener.writesChanged(refusal);
  }
}
