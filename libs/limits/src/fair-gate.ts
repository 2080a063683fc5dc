import { GatewayBusy } from './limits.problems.js';

export interface GateOptions {
  /** How many calls run at the same time, over all parties. */
  readonly parallel: number;
  /** How many wait at the same time, over all parties. */
  readonly waiting: number;
  /** How long one waits at most. */
  readonly waitMs: number;
}

interface Party {
  readonly name: string;
  running: number;
  readonly queue: Set<() => void>;
}

/**
 * Lets so many calls run at the same time and no more. Whoever has the fewest running goes first, so that the burst of one
 * party does not starve the others.
 */
export class FairGate {
  private readonly parties = new Map<string, Party>();
  private runningCount = 0;
  private waitingCount = 0;

  constructor(private readonly options: GateOptions) {}

  get running(): number {
    return this.runningCount;
  }

  get waiting(): number {
    return this.waitingCount;
  }

  /** Runs the call when it is its turn. Throws `GatewayBusy`, and has not called, when too many wait or too long. */
  async run<T>(name: string, call: () => Promise<T>): Promise<T> {
    const party = this.partyOf(name);
    if (this.runningCount < this.options.parallel) this.start(party);
    else await this.turnOf(party);
    try {
      return await call();
    } finally {
      this.end(party);
    }
  }

  private turnOf(party: Party): Promise<void> {
    if (this.waitingCount >= this.options.waiting) throw new GatewayBusy();
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        party.queue.delete(begin);
        this.waitingCount -= 1;
      };
      const begin = () => {
        leave();
        this.start(party);
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        this.forget(party);
        reject(new GatewayBusy());
      }, this.options.waitMs);
      party.queue.add(begin);
      this.waitingCount += 1;
    });
  }

  private start(party: Party): void {
    party.running += 1;
    this.runningCount += 1;
  }

  private end(party: Party): void {
    party.running -= 1;
    this.runningCount -= 1;
    this.forget(party);
    if (this.waitingCount > 0) this.beginNext();
  }

  private beginNext(): void {
    const waiting = [...this.parties.values()].filter(({ queue }) => queue.size > 0);
    const next = waiting.reduce((least, party) => (party.running < least.running ? party : least));
    // Behind the others that have as few running: they come first the next time.
    this.parties.delete(next.name);
    this.parties.set(next.name, next);
    const [begin] = next.queue;
    begin?.();
  }

  private partyOf(name: string): Party {
    const party = this.parties.get(name) ?? { name, running: 0, queue: new Set<() => void>() };
    this.parties.set(name, party);
    return party;
  }

  private forget(party: Party): void {
    if (party.running === 0 && party.queue.size === 0) this.parties.delete(party.name);
  }
}
