/**
 * The time of the Store between its replies, in milliseconds since the epoch: that of the last reply, and what passed since by a clock
 * that nobody sets. Gateways have clocks of their own, which differ; what they agree on is counted by this one.
 */
export class StoreClock {
  private last: { readonly storeMs: number; readonly ownMs: number } | undefined;

  constructor(
    /** The clock of this process that nobody sets. */
    readonly ownMs: () => number = () => performance.now(),
  ) {}

  /** To be told of the time in each reply. */
  note(storeMs: number): void {
    this.last = { storeMs, ownMs: this.ownMs() };
  }

  /** Undefined before the first reply. */
  get nowMs(): number | undefined {
    return this.last && Math.round(this.last.storeMs + this.ownMs() - this.last.ownMs);
  }
}
