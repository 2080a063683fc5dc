import { LRUCache } from 'lru-cache';
import { digestOf, type Identity } from '#libs/contract';
import { StoreUnavailable, type Store } from '#libs/store';
import { RateExceeded } from './limits.problems.js';

const MINUTE_MS = 60_000;
const MAX_HOLDERS = 100_000;
/** So small a part of what is left, and never more, is counted ahead. */
const AHEAD_OF_LEFT = 1 / 64;
const MOST_AHEAD = 100;

interface Counter {
  readonly name: string;
  minute: number;
  used: number;
  share: Share;
}

/** What this process has of a minute's requests upstream. */
interface Share {
  readonly minute: number;
  /** How many of those that were counted already are still to be made. */
  ahead: number;
  /** How many nobody had counted when it was last known. */
  left: number;
}

const NO_SHARE: Share = { minute: -1, ahead: 0, left: 0 };

/**
 * Requests that a caller may make in a minute of the clock. Each process counts all of them, which costs no I/O; what
 * reaches the upstream is counted over all gateways as well, and never goes over the limit. Of a large limit each process
 * counts some ahead, at most a 64th of what is left and a hundred, which costs one step for all of them; what others counted
 * ahead and did not use is missing at the end of the minute.
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
   * Counts a request that is about to reach the upstream, over all gateways. Undefined lets it pass at once; a promise rejects
   * with `RateExceeded`. While the shared state is away each gateway's own count is what is left.
   */
  countUpstream(holder: Identity, limit: number | undefined): Promise<void> | undefined {
    if (limit === undefined) return undefined;
    const counter = this.counterOf(holder);
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (counter.share.minute !== minute) counter.share = { minute, ahead: 0, left: 0 };
    if (counter.share.ahead === 0) return this.countTogether(counter, limit);
    counter.share.ahead -= 1;
    return undefined;
  }

  /** Counts this request and some ahead, at the counter of all gateways. */
  private async countTogether({ name, share }: Counter, limit: number): Promise<void> {
    const by = Math.max(1, Math.min(MOST_AHEAD, Math.floor(share.left * AHEAD_OF_LEFT)));
    const key = `rate:{${name}}:${share.minute}`;
    const sum = await this.store.increment(key, by, 2 * MINUTE_MS).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) return by;
      throw error;
    });
    const granted = Math.min(by, limit - (sum - by));
    if (granted < 1) throw this.exceeded(limit);
    share.ahead += granted - 1;
    share.left = limit - sum;
  }

  private exceeded(limit: number): RateExceeded {
    return new RateExceeded({ limit, left: 0, resetsInMs: MINUTE_MS - (this.now() % MINUTE_MS) });
  }

  private counterOf(holder: Identity): Counter {
    const known = this.known.get(holder);
    if (known) return known;
    const name = digestOf(holder.issuer, holder.tenant, holder.subject);
    const counter = this.counters.get(name) ?? { name, minute: 0, used: 0, share: NO_SHARE };
    this.counters.set(name, counter);
    this.known.set(holder, counter);
    return counter;
  }
}
