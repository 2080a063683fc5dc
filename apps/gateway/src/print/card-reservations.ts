import { Injectable } from '@nestjs/common';
import type { Submission } from '#libs/idempotency';
import { CardQuota } from '#libs/limits';
import type { PrintTerms } from '#libs/policy';
import { WriteBehind } from '#libs/store';

/** Of a submission: whose cards, how many, and when they were reserved; without a quota none are. */
export type Reserving = Pick<Submission, 'submitter' | 'copies' | 'reservedAtMs'>;

/** Reserves the cards of a print in the day's quota, and gives them back when nothing was printed. */
@Injectable()
export class CardReservations {
  constructor(
    private readonly quota: CardQuota,
    private readonly unwritten: WriteBehind,
  ) {}

  /** Throws `CardQuotaExceeded`, and `StoreUnavailable` when it cannot be known. */
  async reserve(submission: Reserving, { cardsPerDay }: PrintTerms): Promise<void> {
    const reservation = reservationOf(submission);
    if (reservation && cardsPerDay !== undefined) await this.quota.reserve(reservation, cardsPerDay);
  }

  /** Never rejects: what cannot be given back now is given back later. */
  async giveBack(submission: Reserving): Promise<void> {
    const reservation = reservationOf(submission);
    if (reservation) await this.unwritten.write('cards given back', () => this.quota.giveBack(reservation));
  }
}

/** When cards are reserved for a print, if any are. */
export function reservingAt({ cardsPerDay }: PrintTerms): number | undefined {
  return cardsPerDay === undefined ? undefined : Date.now();
}

function reservationOf({ submitter: holder, copies: cards, reservedAtMs: atMs }: Reserving) {
  return atMs === undefined ? undefined : { holder, cards, atMs };
}
