/** However long somebody asks for: a page of maintenance must not stop everything long after it is over. */
const LONGEST_ASKED_MS = 300_000;

/** Pauses that double with every failure in a row, up to a ceiling, and are jittered so that replicas drift apart. */
export class ExponentialBackoff {
  private failures = 0;
  private endsAtMs = -Infinity;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {}

  /** How long to wait still; zero when there is no pause. */
  leftMs(nowMs: number): number {
    return Math.max(0, this.endsAtMs - nowMs);
  }

  /** `askedForMs` is a pause that somebody asked for: it may be longer than the own one, up to five minutes, and never shortens it. */
  failed(nowMs: number, askedForMs = 0): void {
    const pauseMs = Math.min(this.longestMs, this.firstMs * 2 ** this.failures);
    this.failures += 1;
    const ownMs = pauseMs * (0.75 + Math.random() / 4);
    this.endsAtMs = nowMs + Math.max(ownMs, Math.min(LONGEST_ASKED_MS, askedForMs));
  }

  succeeded(): void {
    this.failures = 0;
    this.endsAtMs = -Infinity;
  }
}
