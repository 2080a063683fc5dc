import type { SecretKeys } from '#libs/secrets';
import { Leases, newLease, type DeferredWrites, type Store, type StoreClock, type Take } from '#libs/store';
import type { ClaimedSubmission } from './claimed-submission.js';
import { clockedCommit, type Commit } from './clocked-commit.js';
import { endOf } from './conclusion.js';
import { ConclusionWriter, type ConclusionResult } from './conclusion.writer.js';
import { DispatchMarker, type DispatchMark } from './dispatch-marker.js';
import type { ExecutionResult, OwnerWrite } from './execution-result.js';
import type { IdempotencyTimes } from './idempotency-times.js';
import {
  completedRecord,
  unknownRecord,
  type ClaimedRecord,
  type DispatchedRecord,
  type KeyState,
} from './idempotency-record.js';
import { KeyClaimer, type Attempt } from './key-claimer.js';
import { encodeRecord, recordKey } from './record-encoding.js';
import type { Submission } from './submission.js';

/** The records of keys on the Store, for who executes them. Each transition is one atomic step, which only the holder of the key can make. */
export class IdempotencyRepository {
  private readonly commit: Commit;
  private readonly conclusions: ConclusionWriter;
  private readonly claimer: KeyClaimer;
  private readonly dispatches: DispatchMarker;

  constructor(
    private readonly store: Store,
    private readonly deferredWrites: DeferredWrites,
    keys: SecretKeys,
    private readonly clock: StoreClock,
    private readonly times: IdempotencyTimes,
    /** Whether what has no key may be sent without a record while the Store is away: for a gateway that shares its printers with no other. */
    private readonly mayExecuteWithoutStore = false,
  ) {
    this.commit = clockedCommit(store, clock);
    this.conclusions = new ConclusionWriter(this.commit);
    const release = (id: string, record: ClaimedRecord) =>
      void this.releaseKey({ id, record, releaseWrites: [] });
    this.claimer = new KeyClaimer(store, this.commit, keys, times.leaseMs, release);
    this.dispatches = new DispatchMarker(store, this.commit, clock, times, (submission, sent) => {
      void this.releaseKey(submission, sent);
      void this.releaseKey(submission);
    });
  }

  /** Whether what has no key is sent without a record now. */
  executesWithoutStore(): boolean {
    return this.mayExecuteWithoutStore && !this.store.isUp;
  }

  /**
   * Claims the key, in one step with what is charged: both, or neither. The state of the key, or the response, where it is not free. Throws
   * what a charge is refused with, and `StoreUnavailable`.
   */
  claimKey(submission: Submission, attempt: Attempt): Promise<ClaimedRecord | Exclude<KeyState, 'free'>> {
    return this.claimer.claim(submission, attempt);
  }

  /** Renews the lease of a key until the returned function is called. */
  keepAlive(id: string, record: ClaimedRecord): () => void {
    const lease = newLease(recordKey(id), this.times.leaseMs, encodeRecord(record));
    return new Leases(this.store).keepAlive(lease);
  }

  /**
   * The last step before the first byte, by the time of the Store, and as durable as the Store can make it; what was reserved is confirmed
   * with it. Throws, and nothing may be sent: `RequestInProgress` when the key is another's by now, `PrinterBusy` when the turn is;
   * `StoreUnavailable`, and `StoreFull`.
   */
  markDispatched(submission: ClaimedSubmission, confirmed?: Take): Promise<DispatchMark> {
    return this.dispatches.mark(submission, confirmed);
  }

  /**
   * The same once more, for what was sent, refused, and is sent again: from now on it has as much time as the first. Throws `PrinterBusy`
   * when the turn was lost, and `StoreUnavailable`; nothing may be sent then.
   */
  renewDispatch(submission: ClaimedSubmission, sent: DispatchedRecord): Promise<DispatchMark> {
    return this.dispatches.renew(submission, sent);
  }

  /**
   * The response is known: it is kept with whose the job is, and the turn ends; later, if it cannot be now. A job that is another's proves
   * that the response is not this submission's: its outcome is unknown then.
   */
  async completeKey(
    { id, isKeyed, turn }: ClaimedSubmission,
    from: DispatchedRecord,
    { response, ownerWrite, additionalWrite }: ExecutionResult,
  ): Promise<ConclusionResult> {
    let result: ConclusionResult | undefined;
    const to = isKeyed ? completedRecord(from, response) : undefined;
    const conclusion = {
      ...endOf(id, from, to, this.times.completedMs),
      ...{ turn, ownerWrite, additionalWrites: additionalWrite?.writes, isFirstHand: true },
    };
    await this.deferredWrites.write('the outcome of a request', async () => {
      result = await this.conclusions.write(conclusion);
      if (result === 'written') turn?.end();
      if (result === 'job-conflict') await this.writeUnknown(id, from);
    });
    if (result === undefined) ownerWrite?.onDeferred?.();
    if (result !== 'superseded') additionalWrite?.onWritten();
    return result ?? 'written';
  }

  /** Nothing was done, provably: the key is free again, with its `releaseWrites`; later, if it cannot be now. */
  releaseKey(
    {
      id,
      record,
      releaseWrites: additionalWrites,
    }: Pick<ClaimedSubmission, 'id' | 'record' | 'releaseWrites'>,
    sent?: DispatchedRecord,
  ): Promise<void> {
    return this.deferredWrites.write('the outcome of a request', async () => {
      const conclusion = sent
        ? { ...endOf(id, sent, undefined, this.times.completedMs), isFirstHand: true }
        : { id, from: record, to: undefined, ttlMs: 1 };
      const result = await this.conclusions.write({ ...conclusion, additionalWrites });
      // Another has the key by now. This attempt was not sent, and never will be.
      if (!sent && result === 'superseded' && additionalWrites.length > 0)
        await this.commit({ conditions: [], writes: additionalWrites });
    });
  }

  /** The response was lost. The turn goes on until it is known what became of it. */
  markUnknown(id: string, from: DispatchedRecord): Promise<void> {
    return this.deferredWrites.write('the outcome of a request', () => this.writeUnknown(id, from));
  }

  /** Whose the job is that came of a submission without a record; later, if it cannot be written now. */
  async writeOwner(ownerWrite: OwnerWrite): Promise<void> {
    ownerWrite.onDeferred?.();
    await this.deferredWrites.write('the owner of a job', async () => {
      const { isDone } = await this.commit({ conditions: [ownerWrite.condition], writes: ownerWrite.writes });
      if (isDone) ownerWrite.onWritten?.();
      else ownerWrite.onConflict?.();
    });
  }

  private async writeUnknown(id: string, from: DispatchedRecord): Promise<void> {
    const to = unknownRecord(from, this.clock.nowMs ?? from.dispatchedAtMs);
    const reopenAt = from.operation === 'print' ? from.target : undefined;
    const ttlMs = this.times.unknownMs;
    await this.conclusions.write({ id, from, to, ttlMs, isFirstHand: true, reopenAt });
  }
}
