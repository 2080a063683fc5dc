import { Injectable } from '@nestjs/common';
import type { PrintStatusId } from '#libs/contract';
import type { LimitCharge, Submission } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { CardQuota, type CardReservation } from '#libs/limits';
import type { PrintTerms } from '#libs/policy';
import { Store, DeferredWrites, type Take, type Write } from '#libs/store';

/** Of a submission: whose cards, how many, and when they were reserved; without a quota none are. */
export type Reserving = Pick<Submission, 'submitter' | 'copies' | 'reservedAtMs'>;

/** The cards of a print in the day's quota: reserved before it is sent, given back as far as nothing was printed. */
@Injectable()
export class PrintQuota {
  constructor(
    private readonly quota: CardQuota,
    private readonly jobs: JobRegistry,
    private readonly store: Store,
    private readonly unwritten: DeferredWrites,
  ) {}

  /** What a print takes of the day's quota, where it has one. Refuses with `CardQuotaExceeded`. */
  reserve(submission: Reserving, token: string, { cardsPerDay }: PrintTerms): LimitCharge | undefined {
    const reservation = reservationOf(submission, token);
    if (!reservation || cardsPerDay === undefined) return undefined;
    const { take, refusalOf } = this.quota.reserve(reservation, cardsPerDay);
    const mayArrive = this.store.isUp;
    return {
      take,
      onResult: (result) => {
        if (result !== 'lost') return result.room && refusalOf(result.room);
        // It may stand, and its reply be lost. It would go by itself, but later.
        if (mayArrive) void this.giveBack(reservation);
        return undefined;
      },
    };
  }

  /** With the mark that it is sent: they stay reserved. */
  confirm(submission: Reserving, token: string): Take | undefined {
    const reservation = reservationOf(submission, token);
    return reservation && this.quota.confirm(reservation);
  }

  /** What is written in one step with the end of a submission of which nothing was printed: its cards are given back. */
  release(submission: Reserving, token: string): Write[] {
    const reservation = reservationOf(submission, token);
    return reservation ? [this.quota.release(reservation)] : [];
  }

  /** Whether cards of a quota were reserved for a job, as far as that can be read now. */
  async areReservedFor(id: PrintStatusId): Promise<boolean> {
    const job = await this.jobs.readRecord(id).catch(() => undefined);
    return job?.reservation !== undefined;
  }

  /** A job has ended, and so many of its cards were not printed. Never rejects. */
  async giveBackOf(id: PrintStatusId, remaining: number): Promise<void> {
    await this.unwritten.write('cards given back', async () => {
      const job = await this.jobs.readRecord(id);
      if (!job?.reservation) return;
      const reservation = { ...job.reservation, holder: job.owner };
      await this.quota.giveBack(reservation, Math.max(0, reservation.cards - remaining));
    });
  }

  private giveBack(reservation: CardReservation): Promise<void> {
    return this.unwritten.write('cards given back', () => this.quota.giveBack(reservation, 0));
  }
}

/** When cards are reserved for a print, if any are. */
export function reservingAt({ cardsPerDay }: PrintTerms): number | undefined {
  return cardsPerDay === undefined ? undefined : Date.now();
}

/** What a job's record says of them. */
export function reservedFor(submission: Reserving, token: string) {
  const reservation = reservationOf(submission, token);
  return reservation && { token, cards: reservation.cards, atMs: reservation.atMs };
}

function reservationOf({ submitter: holder, copies: cards, reservedAtMs: atMs }: Reserving, token: string) {
  return atMs === undefined ? undefined : { holder, token, cards, atMs };
}
