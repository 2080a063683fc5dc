import { LRUCache } from 'lru-cache';
import { digestOf, type Identity } from '#libs/contract';
import { StoreUnavailable, type Store } from '#libs/store';
import { RateExceeded } from './limits.problems.js';

const MINUTE_MS = 60_000;
const MAX_HOLDERS = 100_000;

interface Counter {
  readonly name: string;
  minute: number;
  used: number;
}

/**
 * Requests that a caller may make in a minute of the clock. Each process counts all of them, which costs no I/O; what
 * reaches the upstream is counted over all gateways as well, exactly.
 */
export class RequestRate {
  private readonly counters = new LRUCache<string, Counter>({ max: MAX_HOLDERS });
  /** The same counters, found without working out a name: a verified token's principal is always the same object. */
  private readonly known = new WeakMap<Identity, Counter>();

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** Counts a request in this process. Throws `RateExceeded`. */
  count(holder: Identity, limit: number | undefined): void {
    if (limit === undefined) return;
    const counter = this.counterOf(holder);
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (counter.minute !== minute) [counter.minute, counter.used] = [minute, 0];
    counter.used += 1;
    if (counter.used > limit) throw this.exceeded(limit);
  }

  /**
   * Counts a request that is about to reach the upstream, over all gateways. Throws `RateExceeded`. While the shared state
   * is away each gateway's own count is what is left.
   */
  async countUpstream(holder: Identity, limit: number | undefined): Promise<void> {
    if (limit === undefined) return;
    const { name } = this.counterOf(holder);
    const key = `rate:{${name}}:${Math.floor(this.now() / MINUTE_MS)}`;
    const used = await this.store.increment(key, 1, 2 * MINUTE_MS).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) return 0;
      throw error;
    });
    if (used > limit) throw this.exceeded(limit);
  }

  private exceeded(limit: number): RateExceeded {
    return new RateExceeded({ limit, left: 0, resetsInMs: MINUTE_MS - (this.now() % MINUTE_MS) });
  }

  private counterOf(holder: Identity): Counter {
    const known = this.known.get(holder);
    if (known) return known;
    const name = digestOf(holder.issuer, holder.tenant, holder.subject);
    const counter = this.counters.get(name) ?? { name, minute: 0, used: 0 };
    this.counters.set(name, counter);
    this.known.set(holder, counter);
    return counter;
  }
}
