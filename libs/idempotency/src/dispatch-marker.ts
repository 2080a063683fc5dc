import type { Outcome, Store, StoreClock, Take } from '#libs/store';
import type { ClaimedSubmission } from './claimed-submission.js';
import type { Commit } from './clocked-commit.js';
import { dispatchChange, dispatchRefusal, redispatchChange } from './dispatch-change.js';
import { PrinterBusy } from './idempotency.problems.js';
import { dispatchedRecord, type DispatchedRecord } from './idempotency-record.js';
import type { IdempotencyTimes } from './idempotency-times.js';
import { encodeRecord } from './record-encoding.js';

/** What was written before the first byte, and until when that may leave, by the clock of the process (`StoreClock.ownMs`). */
export interface DispatchMark {
  readonly sent: DispatchedRecord;
  readonly sendBeforeMs: number;
}

/** Marks submissions as dispatched, by the time of the Store, and as durably as the Store can. */
export class DispatchMarker {
  constructor(
    private readonly store: Store,
    private readonly commit: Commit,
    private readonly clock: StoreClock,
    private readonly times: IdempotencyTimes,
    /** Takes a mark away again that may stand, and the claim under it. */
    private readonly revoke: (submission: ClaimedSubmission, sent: DispatchedRecord) => void,
  ) {}

  /** See `IdempotencyRepository.markDispatched`. */
  async mark(submission: ClaimedSubmission, confirmed?: Take): Promise<DispatchMark> {
    this.store.requireRoom();
    const sendBeforeMs = this.sendBefore(this.clock.ownMs());
    let atMs = this.clock.nowMs ?? (await this.store.time());
    // A second time where the first was refused only because the time that was known was behind that of the Store.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const times = { dispatchedAtMs: atMs, endsAtMs: this.endOf(atMs) };
      const sent = dispatchedRecord(submission.record, submission.submission, submission.isKeyed, times);
      const outcome = await this.write(sent, submission, confirmed ? [confirmed] : []);
      if (outcome.isDone || outcome.found[0] === encodeRecord(sent)) return { sent, sendBeforeMs };
      const refusal = dispatchRefusal(outcome, submission.record, submission.turn);
      if (refusal) throw refusal;
      atMs = outcome.nowMs;
    }
    throw new PrinterBusy();
  }

  /** See `IdempotencyRepository.renewDispatch`. */
  async renew({ id, turn }: ClaimedSubmission, sent: DispatchedRecord): Promise<DispatchMark> {
    const askedAtMs = this.clock.ownMs();
    const atMs = this.clock.nowMs ?? (await this.store.time());
    const renewed = { ...sent, endsAtMs: this.endOf(atMs) };
    const change = redispatchChange(id, sent, renewed, atMs, turn, this.times.unknownMs);
    const { isDone } = await this.commit(change);
    if (!isDone) throw new PrinterBusy();
    return { sent: renewed, sendBeforeMs: this.sendBefore(askedAtMs) };
  }

  private async write(
    sent: DispatchedRecord,
    submission: ClaimedSubmission,
    takes: readonly Take[],
  ): Promise<Outcome> {
    const { id, record, turn } = submission;
    try {
      return await this.commit(dispatchChange(id, record, sent, turn, this.times.unknownMs, takes));
    } catch (error) {
      // The mark may stand, and its reply be lost. Nothing was sent, so it is taken away again.
      this.revoke(submission, sent);
      throw error;
    }
  }

  private endOf(atMs: number): number {
    return atMs + this.times.callMs + this.times.marginMs;
  }

  /** A reply may be read long after it came: others would soon take this gateway for dead. */
  private sendBefore(askedAtMs: number): number {
    return askedAtMs + this.times.marginMs / 3;
  }
}
