import type { Identity } from '#libs/contract';
import type { Room, Store, Take, Write } from '#libs/store';
import { quotaKeysOf } from './counters.js';
import { CardQuotaExceeded } from './limits.problems.js';
import type { QuotaDays } from './quota-day.js';

const TWO_DAYS_MS = 172_800_000;

/** Cards of somebody's day. `atMs` tells which day it is, and stays the same from reserving to giving back. */
export interface CardReservation {
  readonly holder: Identity;
  /** Names the attempt to print, and no other. */
  readonly token: string;
  readonly cards: number;
  readonly atMs: number;
}

/**
 * Cards that a caller may print in a day. They are reserved before printing, so that however many print at the same time
 * not one card goes over. Every method may throw `StoreUnavailable`, and can then be called again: it is the same reservation.
 */
export class CardQuota {
  constructor(
    private readonly store: Store,
    private readonly days: QuotaDays,
    /** How long cards are reserved for an attempt that does not come to be sent, in milliseconds. */
    private readonly heldMs: number,
  ) {}

  /**
   * Reserves cards together with what they are for, until they are kept, for a while only: nobody could give back what a gateway
   * reserved that died. Refuses with `CardQuotaExceeded`.
   */
  reserve(reservation: CardReservation, limit: number) {
    const { cards, atMs, token } = reservation;
    return {
      take: {
        reserve: this.keyOf(reservation),
        reservation: { member: token, amount: cards, heldMs: this.heldMs },
        limit,
        ttlMs: TWO_DAYS_MS,
      },
      refusalOf: ({ sum, suffices }: Room) => {
        const resetsInMs = this.days.nextDayStart(atMs) - atMs;
        return suffices
          ? undefined
          : new CardQuotaExceeded({ limit, left: Math.max(0, limit - sum), resetsInMs });
      },
    };
  }

  /** How many cards are reserved or printed of the holder's day so far, and when the next day begins. */
  async usage(holder: Identity, atMs: number): Promise<{ used: number; resetsAtMs: number }> {
    const used = await this.store.readReserved(this.keyOf({ holder, atMs }));
    return { used, resetsAtMs: this.days.nextDayStart(atMs) };
  }

  /** What is taken in one step with the mark that cards may leave: they stay reserved from then on. Where they do not stand any more there is no room. */
  confirm(reservation: CardReservation): Take {
    return { keep: this.keyOf(reservation), member: reservation.token };
  }

  /** What gives all of them back, together with the end of what they were reserved for: nothing was printed. */
  release(reservation: CardReservation): Write {
    return this.lowering(reservation, 0);
  }

  /** Gives the cards back that were not printed, once, however often and in whichever order it is said. */
  async giveBack(reservation: CardReservation, printed: number): Promise<void> {
    await this.store.commit({ conditions: [], writes: [this.lowering(reservation, printed)] });
  }

  private lowering(reservation: CardReservation, printed: number): Write {
    return { lower: this.keyOf(reservation), member: reservation.token, to: printed };
  }

  /**
   * The day is part of the key: at midnight another sum begins, and a late giving back meets its own day's. Earlier versions counted
   * under `cards:`; what they counted on the day of an upgrade is forgotten.
   */
  private keyOf({ holder, atMs }: Pick<CardReservation, 'holder' | 'atMs'>): string {
    return quotaKeysOf(holder) + this.days.dayOf(atMs);
  }
}
