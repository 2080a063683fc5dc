import type { Identity } from '#libs/contract';
import { RateExceeded } from './limits.problems.js';
import { PerHolder } from './per-holder.js';
import type { RequestRate } from './request-rate.js';

const MINUTE_MS = 60_000;
/** Of a caller's limit, what such calls may use in the long run, and what they leave of each minute. */
const PACE = 1 / 2;
const LEFT_FOR_REQUESTS = 1 / 4;

interface Pace {
  /** Until when the calls that were made would last at the pace. */
  usedUntilMs: number;
}

/**
 * Calls of the upstream that a caller causes without asking for each: for the statuses of a list, and of the jobs that are followed. They
 * count like the caller's requests, and leave room for them: in the long run they use half of the limit, at one go as many as in a
 * minute of that pace, and none while less than a quarter of the minute's requests is left. So a page that shows lists and streams never
 * keeps its user from printing. (The generic cell rate algorithm: ITU-T I.371, Annex A.)
 */
export class PacedRate {
  private readonly paces = new PerHolder<Pace>(() => ({ usedUntilMs: 0 }));

  constructor(
    private readonly rate: RequestRate,
    private readonly now: () => number,
  ) {}

  /** In how long this caller may cause the next one: not more than 0 for who may now, and the less the longer the caller caused none. */
  readyInMs(holder: Identity, limit: number | undefined): number {
    if (limit === undefined) return -Infinity;
    const nowMs = this.now();
    const readyInMs = this.paces.of(holder).usedUntilMs - MINUTE_MS - nowMs;
    const isMinuteUsed = this.rate.leftUpstream(holder, limit) < limit * LEFT_FOR_REQUESTS;
    return isMinuteUsed ? Math.max(readyInMs, MINUTE_MS - (nowMs % MINUTE_MS)) : readyInMs;
  }

  /** Counts one that is about to be made. Throws `RateExceeded` before the caller is ready, or when the minute is used up. */
  async count(holder: Identity, limit: number | undefined): Promise<void> {
    if (limit === undefined) return;
    const resetsInMs = this.readyInMs(holder, limit);
    if (resetsInMs > 0) throw new RateExceeded({ limit, left: 0, resetsInMs });
    const pace = this.paces.of(holder);
    pace.usedUntilMs = Math.max(pace.usedUntilMs, this.now()) + MINUTE_MS / (limit * PACE);
    await this.rate.countUpstream(holder, limit);
  }
}
