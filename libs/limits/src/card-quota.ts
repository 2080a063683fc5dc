import { digestOf, type Identity } from '#libs/contract';
import type { Store } from '#libs/store';
import { CardQuotaExceeded } from './limits.problems.js';
import type { LocalDays } from './local-day.js';

const TWO_DAYS_MS = 172_800_000;

/** Gives reserved cards back, when nothing was printed. What cannot be given back stays used. */
export type GiveBack = () => Promise<void>;

/**
 * Cards that a caller may print in a day. They are reserved before printing, so that however many print at the same time
 * not one card goes over.
 */
export class CardQuota {
  constructor(
    private readonly store: Store,
    private readonly days: LocalDays,
    private readonly now: () => number,
  ) {}

  /** Throws `CardQuotaExceeded` when fewer are left, and `StoreUnavailable` when it cannot be known. */
  async reserve(holder: Identity, limit: number | undefined, cards: number): Promise<GiveBack> {
    if (limit === undefined) return () => Promise.resolve();
    const key = this.keyOf(holder);
    const used = await this.store.increment(key, cards, TWO_DAYS_MS);
    const giveBack: GiveBack = async () => {
      await this.store.increment(key, -cards, TWO_DAYS_MS).catch(() => 0);
    };
    if (used <= limit) return giveBack;
    await giveBack();
    const resetsInMs = this.days.nextDayStart(this.now()) - this.now();
    throw new CardQuotaExceeded({ limit, left: Math.max(0, limit - (used - cards)), resetsInMs });
  }

  /** The day is part of the key: at midnight another counter begins, and a late giving back meets its own day's. */
  private keyOf({ issuer, tenant, subject }: Identity): string {
    return `cards:{${digestOf(issuer, tenant, subject)}}:${this.days.dayOf(this.now())}`;
  }
}
