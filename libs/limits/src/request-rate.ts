import type { Identity } from '#libs/contract';
import { StoreUnavailable, type Room, type Store } from '#libs/store';
import { rateKeysOf } from './counters.js';
import { RateExceeded } from './limits.problems.js';
import { PerHolder } from './per-holder.js';

const MINUTE_MS = 60_000;
const KEPT_MS = 2 * MINUTE_MS;
/** So small a part of what is left, and never more, is counted ahead. */
const AHEAD_OF_LEFT = 1 / 64;
const MOST_AHEAD = 100;
/** So many requests of a caller are refused in a minute; of one with a larger limit that many, of one without a limit the last. */
const REFUSALS = 60;
const REFUSALS_WITHOUT_LIMIT = 600;

interface Counter {
  readonly name: string;
  minute: number;
  used: number;
  refused: number;
  share: Share;
}

/** What this process has of a minute's requests upstream. */
interface Share {
  readonly minute: number;
  /** How many of those that were counted already are still to be made. */
  ahead: number;
  /** How many nobody had counted when it was last known; undefined until then. */
  left: number | undefined;
  /** Whether some are being counted ahead: whoever comes meanwhile counts one, or all of them would count as many. */
  isCountingAhead: boolean;
}

/**
 * Requests that a caller may make in a minute of the clock. Each process counts all of them, which costs no I/O; what
 * reaches the upstream is counted over all gateways as well, and never goes over the limit. Of a large limit each process
 * counts some ahead, at most a 64th of what is left and a hundred, which costs one step for all of them; what others counted
 * ahead and did not use is missing at the end of the minute.
 */
export class RequestRate {
  private readonly counters = new PerHolder<Counter>((name) => ({
    name,
    minute: 0,
    used: 0,
    refused: 0,
    share: newShare(0),
  }));

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** Counts a request in this process. Throws `RateExceeded`. */
  count(holder: Identity, limit: number | undefined): void {
    if (limit === undefined) return;
    const counter = this.counterNow(holder);
    counter.used += 1;
    if (counter.used > limit) throw this.exceeded(limit);
  }

  /**
   * Counts a request in this process that is refused for what its caller may not do, apart from the others: refusals cost a caller
   * nothing of the limit, and do not go on for ever. `limit` is the caller's own. Throws `RateExceeded`, to be answered instead.
   */
  countRefusal(holder: Identity, limit: number | undefined): void {
    const most = limit === undefined ? REFUSALS_WITHOUT_LIMIT : Math.max(REFUSALS, limit);
    const counter = this.counterNow(holder);
    counter.refused += 1;
    if (counter.refused > most)
      throw this.exceeded(most, `${most} requests of yours were refused in this minute.`);
  }

  /**
   * Counts a request that is about to reach the upstream, over all gateways. Undefined lets it pass at once; a promise rejects
   * with `RateExceeded`. While the shared state is away each gateway's own count is what is left.
   */
  countUpstream(holder: Identity, limit: number | undefined): Promise<void> | undefined {
    if (limit === undefined) return undefined;
    const counter = this.counterOfShare(holder);
    if (counter.share.ahead === 0) return this.countTogether(counter, limit);
    counter.share.ahead -= 1;
    return undefined;
  }

  /**
   * Counts it together with what it is for: if that is done, and only then. Undefined where there is no limit; refuses with
   * `RateExceeded`.
   */
  chargeUpstream(holder: Identity, limit: number | undefined) {
    if (limit === undefined) return undefined;
    const { name, share } = this.counterOfShare(holder);
    const isAhead = share.ahead > 0;
    if (isAhead) share.ahead -= 1;
    const onResult = (result: { isTaken: boolean; room: Room | undefined } | 'lost') => {
      const { isTaken, room } = result === 'lost' ? NOT_TAKEN : result;
      if (isAhead && !isTaken) share.ahead += 1;
      if (room) share.left = Math.max(0, limit - room.sum - (isTaken ? 1 : 0));
      return room?.suffices === false ? this.exceeded(limit) : undefined;
    };
    return { take: isAhead ? undefined : { count: keyOf(name, share), limit, ttlMs: KEPT_MS }, onResult };
  }

  /** How many requests of this minute are left to reach the upstream, as far as this process knows. */
  leftUpstream(holder: Identity, limit: number): number {
    const { minute, ahead, left } = this.counters.of(holder).share;
    return minute === this.minute() && left !== undefined ? left + ahead : limit;
  }

  /** Counts this request and some ahead, at the counter of all gateways. */
  private async countTogether({ name, share }: Counter, limit: number): Promise<void> {
    const by = share.isCountingAhead ? 1 : aheadOf(share.left);
    share.isCountingAhead = true;
    const sum = await this.add(keyOf(name, share), by).finally(() => {
      share.isCountingAhead = false;
    });
    const granted = Math.min(by, limit - (sum - by));
    share.left = Math.max(0, limit - sum);
    if (granted < 1) throw this.exceeded(limit);
    share.ahead += granted - 1;
  }

  private add(key: string, by: number): Promise<number> {
    return this.store.increment(key, by, KEPT_MS).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) return by;
      throw error;
    });
  }

  private exceeded(limit: number, detail?: string): RateExceeded {
    const resetsInMs = MINUTE_MS - (this.now() % MINUTE_MS);
    return new RateExceeded({ limit, left: 0, resetsInMs }, detail);
  }

  private counterNow(holder: Identity): Counter {
    const counter = this.counters.of(holder);
    const minute = this.minute();
    if (counter.minute !== minute) [counter.minute, counter.used, counter.refused] = [minute, 0, 0];
    return counter;
  }

  private counterOfShare(holder: Identity): Counter {
    const counter = this.counters.of(holder);
    const minute = this.minute();
    if (counter.share.minute !== minute) counter.share = newShare(minute);
    return counter;
  }

  private minute(): number {
    return Math.floor(this.now() / MINUTE_MS);
  }
}

const NOT_TAKEN = { isTaken: false, room: undefined };

function keyOf(name: string, { minute }: Share): string {
  return rateKeysOf(name) + String(minute);
}

function newShare(minute: number): Share {
  return { minute, ahead: 0, left: undefined, isCountingAhead: false };
}

function aheadOf(left = 0): number {
  return Math.max(1, Math.min(MOST_AHEAD, Math.floor(left * AHEAD_OF_LEFT)));
}
