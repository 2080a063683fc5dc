const AGAIN_AFTER_MS = 60_000;
const MAX_REASONS = 20;

/** Keeps a log readable while something is wrong: each reason is said at once, and while it lasts once a minute. */
export class RepeatedLines {
  private readonly saidAtMs = new Map<string, number>();

  /** `now` counts milliseconds. */
  constructor(private readonly now: () => number) {}

  /** Whether a line is due for this reason; it counts as written then. */
  isDue(reason: string): boolean {
    if (this.now() - (this.saidAtMs.get(reason) ?? -Infinity) < AGAIN_AFTER_MS) return false;
    if (this.saidAtMs.size >= MAX_REASONS) this.saidAtMs.clear();
    this.saidAtMs.set(reason, this.now());
    return true;
  }

  /** It is over: the next reason is said at once. True when there was any. */
  clear(): boolean {
    const hadAny = this.saidAtMs.size > 0;
    this.saidAtMs.clear();
    return hadAny;
  }
}
