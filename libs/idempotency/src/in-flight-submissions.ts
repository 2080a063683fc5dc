import type { Store, StoreClock, Write } from '#libs/store';
import { clockedCommit, type Commit } from './clocked-commit.js';
import { endOf, type Conclusion } from './conclusion.js';
import { ConclusionWriter, type ConclusionResult } from './conclusion.writer.js';
import type { IdempotencyTimes } from './idempotency-times.js';
import {
  completedRecord,
  isInFlight,
  isOutcomeUnknown,
  unknownRecord,
  type DispatchedRecord,
  type StoredResponse,
  type UnknownRecord,
} from './idempotency-record.js';
import { readInFlightIndex, removeFromIndex, type InFlightRef } from './in-flight-index.js';
import { clearInFlight, inFlightKey, type PrinterTurn } from './printer-turn.js';
import { decodeRecord, recordKey } from './record-encoding.js';
import {
  decodeSettlement,
  settlementKey,
  settlementWrite,
  type SettlementRecord,
} from './settlement-record.js';

/** A submission that was sent and has no known end yet; `isRunning` while its gateway may still see the end itself. */
export type InFlightSubmission = (UnknownRecord | DispatchedRecord) & {
  readonly id: string;
  readonly isRunning: boolean;
};

/** What was sent and has no known end, over all gateways, for who finds out what became of it. Every method may throw `StoreUnavailable`. */
export class InFlightSubmissions {
  private readonly commit: Commit;
  private readonly conclusions: ConclusionWriter;

  constructor(
    private readonly store: Store,
    private readonly clock: StoreClock,
    private readonly times: Pick<IdempotencyTimes, 'completedMs' | 'unknownMs'>,
  ) {
    this.commit = clockedCommit(store, clock);
    this.conclusions = new ConclusionWriter(this.commit);
  }

  /** All of them, newest first; `isComplete` when there are no more. */
  async listInFlight(): Promise<{ submissions: InFlightSubmission[]; isComplete: boolean }> {
    const { refs, isComplete } = await readInFlightIndex(this.store);
    const found = await Promise.all(refs.map((ref) => this.findInFlight(ref)));
    return { submissions: found.filter((each) => each !== undefined), isComplete };
  }

  /** Those whose gateway will not see the end any more. */
  async listUnknown(): Promise<InFlightSubmission[]> {
    return (await this.listInFlight()).submissions.filter(({ isRunning }) => !isRunning);
  }

  async findUnknown(id: string): Promise<InFlightSubmission | undefined> {
    const found = await this.findInFlight({ id });
    return found?.isRunning ? undefined : found;
  }

  /** What is in flight under this id, or under this id and token. An entry whose record is gone can never be sent any more, and is removed. */
  async findInFlight({
    id,
    token,
  }: Pick<InFlightRef, 'id'> & Partial<InFlightRef>): Promise<InFlightSubmission | undefined> {
    const [text, nowMs] = await Promise.all([this.store.get(recordKey(id)), this.store.time()]);
    this.clock.note(nowMs);
    const record = decodeRecord(text);
    const isIt = isInFlight(record) && (token === undefined || record.token === token);
    if (isIt) return { ...record, id, isRunning: !isOutcomeUnknown(record, nowMs) };
    if (token !== undefined && record?.token !== token) await this.removeEntry({ id, token }, text);
    return undefined;
  }

  /**
   * Settles one of these: by a person, or in the turn of its printer while it is what is in flight there. Undefined as the response: nothing
   * was done.
   */
  settleSubmission(
    { id, isRunning, ...from }: InFlightSubmission,
    response: StoredResponse | undefined,
    { additionalWrites = [], ...how }: Pick<Conclusion, 'ownerWrite' | 'heldBy' | 'additionalWrites'> = {},
  ): Promise<ConclusionResult> {
    const { completedMs } = this.times;
    const to = response && from.isKeyed ? completedRecord(from, response) : undefined;
    const settlement = settlementWrite(id, { ...from, response }, completedMs);
    return this.conclusions.write({
      ...endOf(id, from, to, completedMs),
      ...how,
      additionalWrites: [settlement, ...additionalWrites],
    });
  }

  /** How the last that was settled under this id was. */
  async findSettlement(id: string): Promise<SettlementRecord | undefined> {
    return decodeSettlement(await this.store.get(settlementKey(id)));
  }

  /** Nobody can find out: it is left to a person, and its printer is free for the next. */
  async leaveToPerson(
    { id, isRunning, ...from }: InFlightSubmission,
    heldBy: PrinterTurn,
    additionalWrites: readonly Write[] = [],
  ): Promise<void> {
    const to = from.state === 'unknown' ? from : unknownRecord(from, from.endsAtMs);
    await this.conclusions.write({ ...endOf(id, from, to, this.times.unknownMs), heldBy, additionalWrites });
  }

  /** Whether what was sent to this printer last has no known outcome, and is not left to a person. */
  async hasInFlightAt(printerId: string): Promise<boolean> {
    return (await this.store.get(inFlightKey(printerId))) !== undefined;
  }

  /** What was in flight at the printer has an end, whoever wrote it. */
  async clearPrinter(turn: PrinterTurn, ref: InFlightRef): Promise<void> {
    await this.commit({ conditions: [turn.isHeldCondition], writes: [clearInFlight(turn.printerId, ref)] });
  }

  private async removeEntry(ref: InFlightRef, text: string | undefined): Promise<void> {
    await this.commit({
      conditions: [{ key: recordKey(ref.id), is: text }],
      writes: [removeFromIndex(ref)],
    });
  }
}
