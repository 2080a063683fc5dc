import { UpstreamTimedOut } from './idaas.problems.js';

type Stop = (fault: UpstreamTimedOut) => void;

/**
 * Until when a call must have ended, with all that it tries. One thing at a time is under way for it, and is told to stop when the
 * time is over. An `AbortSignal` does so too; making one costs as much as a tenth of a small request.
 */
export class Deadline {
  private readonly timer: NodeJS.Timeout;
  private fault: UpstreamTimedOut | undefined;
  private stop: Stop | undefined;

  /** Tells `over` when the time is over, unless the call was `met` before. */
  constructor(
    timeoutMs: number,
    private readonly over: Stop,
  ) {
    this.timer = setTimeout(() => this.expire(), timeoutMs);
  }

  /** Throws `UpstreamTimedOut` when nothing may be begun any more. */
  requireTime(): void {
    if (this.fault) throw this.fault;
  }

  /** What begins is told from now on, in the place of what was under way before. */
  onExpiry(stop: Stop): void {
    this.stop = stop;
  }

  /** The call has ended in time. */
  met(): void {
    clearTimeout(this.timer);
  }

  private expire(): void {
    this.fault = new UpstreamTimedOut();
    this.stop?.(this.fault);
    this.over(this.fault);
  }
}
