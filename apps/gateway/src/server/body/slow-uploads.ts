import { RequestTooSlow, type Problem } from '#libs/problem';

const CHECKS_PER_TIMEOUT = 4;
const MAX_INTERVAL_MS = 1_000;

export interface PaceOptions {
  /** How long an upload may be silent. */
  readonly idleMs: number;
  /** How fast it must be from its beginning on, but for `graceMs`. */
  readonly bytesPerSecond: number;
}

/** What is seen of an upload. */
export interface Upload {
  readonly startedMs: number;
  lastMs: number;
  bytes: number;
  readonly stop: (problem: Problem) => void;
}

/** So long an upload may be slower than it must be: the network of a phone is away for half a minute now and then. */
export const GRACE_MS = 60_000;

/**
 * Stops uploads that are silent, and those that send a byte now and then to keep what they hold. One that is slow but steady takes
 * as long as it needs.
 */
export class SlowUploads {
  private readonly uploads = new Set<Upload>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: PaceOptions) {
    const intervalMs = Math.min(MAX_INTERVAL_MS, options.idleMs / CHECKS_PER_TIMEOUT);
    // What came in while this process was busy is taken first.
    const check = () => setImmediate(() => this.check(performance.now()));
    this.timer = setInterval(check, intervalMs).unref();
  }

  begin(stop: Upload['stop']): Upload {
    const now = performance.now();
    const upload = { startedMs: now, lastMs: now, bytes: 0, stop };
    this.uploads.add(upload);
    return upload;
  }

  end(upload: Upload): void {
    this.uploads.delete(upload);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(nowMs: number): void {
    for (const upload of this.uploads)
      if (isSilent(upload, nowMs, this.options) || isDrip(upload, nowMs, this.options))
        upload.stop(new RequestTooSlow());
  }
}

function isSilent({ lastMs }: Upload, nowMs: number, { idleMs }: PaceOptions): boolean {
  return nowMs - lastMs >= idleMs;
}

function isDrip({ startedMs, bytes }: Upload, nowMs: number, { bytesPerSecond }: PaceOptions): boolean {
  return nowMs - startedMs > GRACE_MS + (bytes / bytesPerSecond) * 1_000;
}
