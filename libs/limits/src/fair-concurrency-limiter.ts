import { FairRoom, type Member, type Occupant } from './fair-room.js';
import { GatewayBusy } from './limits.problems.js';
import { MemberUsage } from './member-usage.js';

export interface GateOptions {
  /** How many calls run at the same time, over all tenants. */
  readonly parallel: number;
  /** How many wait at the same time, over all tenants. */
  readonly waiting: number;
  /** How long one waits at most. */
  readonly waitMs: number;
}

interface Waiter extends Occupant {
  begin(): void;
}

/**
 * Lets so many calls run at the same time and no more; one tenant alone may use all of them. Of those that wait, the tenant that has the
 * fewest running goes first, and within it the member that has: who has none waits for one call to end, whatever others ask for. The
 * places to wait are shared fairly as well (`FairRoom`), so that nobody can fill them for the others.
 */
export class FairConcurrencyLimiter {
  private readonly running = new MemberUsage();
  private readonly waiters: FairRoom<Waiter>;

  constructor(private readonly options: GateOptions) {
    this.waiters = new FairRoom(options.waiting);
  }

  get runningCount(): number {
    return this.running.total;
  }

  get waitingCount(): number {
    return this.waiters.size;
  }

  /** Runs the call when it is its turn. Throws `GatewayBusy`, and has not called, when too many wait or too long. */
  async run<T>(member: Member, call: () => Promise<T>): Promise<T> {
    if (this.running.total < this.options.parallel) this.running.add(member, 1);
    else await this.turnOf(member);
    try {
      return await call();
    } finally {
      // Chosen while this call still counts: whose ended just now comes behind who has had none.
      const next = this.waiters.next((tenant, name) => this.running.of(tenant, name));
      this.running.add(member, -1);
      next?.begin();
    }
  }

  /** Fulfilled when the call is counted among those that run. */
  private turnOf(member: Member): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        begin: () => {
          clearTimeout(timer);
          this.waiters.leave(member, waiter);
          this.running.add(member, 1);
          resolve();
        },
        giveWay: () => {
          clearTimeout(timer);
          reject(new GatewayBusy());
        },
      };
      const timer = setTimeout(() => {
        this.waiters.leave(member, waiter);
        reject(new GatewayBusy());
      }, this.options.waitMs);
      if (!this.waiters.enter(member, waiter)) waiter.giveWay();
    });
  }
}
