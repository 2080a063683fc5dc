/** One process of a simulated installation. It does nothing but on events: while it stands still, they wait for it. */
export class SimulatedProcess {
  isDead = false;
  /** It stands still until then. */
  stillUntilMs = 0;
  /** How much its own clock has stood still so far. */
  lostMs = 0;

  constructor(private readonly time: SimulatedTime) {}

  get isStill(): boolean {
    return this.time.nowMs < this.stillUntilMs;
  }

  /** Its own clock, which nobody sets. While it is suspended it stands still too. */
  get ownMs(): number {
    return this.time.nowMs - this.lostMs;
  }

  /** Stands still for a while: stopped (SIGSTOP), or suspended with its machine, whose clock then stands still as well. */
  standStill(ms: number, isSuspended: boolean): void {
    if (this.isStill) return;
    this.stillUntilMs = this.time.nowMs + ms;
    if (!isSuspended) return;
    // Nobody reads it meanwhile.
    this.lostMs += ms;
  }
}

interface Event {
  readonly atMs: number;
  readonly process: SimulatedProcess | undefined;
  /** A timer rings by the clock of its process. */
  readonly dueOwnMs: number | undefined;
  act: (() => unknown) | undefined;
}

/**
 * Time that passes only from event to event, the same for all processes: it is that of the Store. What a process does at one event, with all
 * promises that are kept by it, is done at one moment.
 */
export class SimulatedTime {
  nowMs = 1_000_000;
  running: SimulatedProcess | undefined;
  /** What went wrong in an event, first. */
  fault: Error | undefined;
  private events: Event[] = [];
  private readonly real = { setTimeout, clearTimeout, setInterval, clearInterval };
  private readonly now = performance.now.bind(performance);

  /** Something happens, to a process or between them; not while the process stands still, and never to one that is dead. */
  at(atMs: number, act: () => unknown, process?: SimulatedProcess): void {
    this.add({ atMs, process, act, dueOwnMs: undefined });
  }

  async runUntil(untilMs: number): Promise<void> {
    for (let next = this.events[0]; next && next.atMs <= untilMs; next = this.events[0]) {
      this.events.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      await this.happen(next);
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Does something as this process, and all that follows at the same moment. Throws what went wrong. */
  private async as(process: SimulatedProcess | undefined, act: () => unknown): Promise<void> {
    this.running = process;
    void Promise.resolve()
      .then(act)
      .catch((error: unknown) => (this.fault ??= error as Error));
    // All promises that can be kept now are kept before the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    this.running = undefined;
    if (this.fault) throw this.fault;
  }

  /** From now on timers and `performance` are those of the process that runs; of none they are the real ones. */
  install(): void {
    Object.assign(globalThis, {
      setTimeout: (act: () => void, ms = 0) =>
        this.running ? this.timer(this.running, act, ms, undefined) : this.real.setTimeout(act, ms),
      setInterval: (act: () => void, ms: number) =>
        this.running ? this.timer(this.running, act, ms, ms) : this.real.setInterval(act, ms),
      clearTimeout: (timer: unknown) => this.clear(timer),
      clearInterval: (timer: unknown) => this.clear(timer),
    });
    performance.now = () => this.running?.ownMs ?? this.now();
  }

  uninstall(): void {
    Object.assign(globalThis, this.real);
    performance.now = this.now;
  }

  private async happen(event: Event): Promise<void> {
    const { process, dueOwnMs, act } = event;
    if (!act || process?.isDead) return;
    if (process?.isStill) return this.add({ ...event, atMs: process.stillUntilMs });
    const leftMs = process && dueOwnMs !== undefined ? dueOwnMs - process.ownMs : 0;
    if (leftMs > 0) return this.add({ ...event, atMs: this.nowMs + leftMs });
    await this.as(process, act);
  }

  /** Behind those of the same moment. */
  private add(event: Event): void {
    let [from, to] = [0, this.events.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.events[middle] as Event).atMs <= event.atMs) from = middle + 1;
      else to = middle;
    }
    this.events.splice(from, 0, event);
  }

  private timer(process: SimulatedProcess, act: () => void, ms: number, everyMs: number | undefined) {
    const timer = new Timer();
    const ring = (dueOwnMs: number) => {
      const again = () => {
        if (timer.isCleared) return;
        if (everyMs !== undefined) ring(process.ownMs + wholeMs(everyMs));
        act();
      };
      this.add({ atMs: this.nowMs + Math.max(1, dueOwnMs - process.ownMs), process, dueOwnMs, act: again });
    };
    ring(process.ownMs + wholeMs(ms));
    return timer;
  }

  private clear(timer: unknown): void {
    if (timer instanceof Timer) timer.isCleared = true;
    else this.real.clearTimeout(timer as NodeJS.Timeout);
  }
}

class Timer {
  isCleared = false;

  unref(): this {
    return this;
  }
}

/** As a timer of Node takes it. */
function wholeMs(ms: number): number {
  return Math.max(1, Math.trunc(ms));
}
