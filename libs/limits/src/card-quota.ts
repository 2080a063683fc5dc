import { digestOf, type Identity } from '#libs/contract';
import type { Store } from '#libs/store';
import { CardQuotaExceeded } from './limits.problems.js';
import type { LocalDays } from './local-day.js';

const TWO_DAYS_MS = 172_800_000;

/** Cards of somebody's day. `atMs` tells which day it is, and stays the same from reserving to giving back. */
export interface Reservation {
  readonly holder: Identity;
  readonly cards: number;
  readonly atMs: number;
}

/**
 * Cards that a caller may print in a day. They are reserved before printing, so that however many print at the same time
 * not one card goes over.
 */
export class CardQuota {
  constructor(
    private readonly store: Store,
    private readonly days: LocalDays,
  ) {}

  /** Throws `CardQuotaExceeded` when fewer are left, and `StoreUnavailable` when it cannot be known. */
  async reserve(reservation: Reservation, limit: number): Promise<void> {
    const { cards, atMs } = reservation;
    const { sum, isAdded } = await this.store.incrementUpTo(
      this.keyOf(reservation),
      cards,
      limit,
      TWO_DAYS_MS,
    );
    if (isAdded) return;
    const resetsInMs = this.days.nextDayStart(atMs) - atMs;
    throw new CardQuotaExceeded({ limit, left: Math.max(0, limit - sum), resetsInMs });
  }

  /** How many cards are reserved or printed of the holder's day so far, and when the next day begins. */
  async usage(holder: Identity, atMs: number): Promise<{ used: number; resetsAtMs: number }> {
    const used = await this.store.readCounter(this.keyOf({ holder, atMs }));
    return { used, resetsAtMs: this.days.nextDayStart(atMs) };
  }

  /** Gives reserved cards back, when nothing was printed. Throws `StoreUnavailable`. */
  async giveBack(reservation: Reservation): Promise<void> {
    await this.store.increment(this.keyOf(reservation), -reservation.cards, TWO_DAYS_MS);
  }

  /** The day is part of the key: at midnight another counter begins, and a late giving back meets its own day's. */
  private keyOf({ holder: { issuer, tenant, subject }, atMs }: Omit<Reservation, 'cards'>): string {
    return `cards:{${digestOf(issuer, tenant, subject)}}:${this.days.dayOf(atMs)}`;
  }
}
