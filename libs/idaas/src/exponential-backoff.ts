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

  /** `askedForMs` is a pause that somebody asked for: it is kept as it is. */
  failed(nowMs: number, askedForMs?: number): void {
    const pauseMs = Math.min(this.longestMs, this.firstMs * 2 ** this.failures);
    this.failures += 1;
    this.endsAtMs = nowMs + (askedForMs ?? pauseMs * (0.75 + Math.random() / 4));
  }

  succeeded(): void {
    this.failures = 0;
    this.endsAtMs = -Infinity;
  }
}
