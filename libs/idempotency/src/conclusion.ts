import type { Change, Write } from '#libs/store';
import type { OwnerWrite } from './execution-result.js';
import type { DispatchedRecord, IdempotencyRecord, UnknownRecord } from './idempotency-record.js';
import { addToIndex, removeFromIndex, type InFlightRef } from './in-flight-index.js';
import { clearInFlight, isInFlightCondition, restoreInFlight, type PrinterTurn } from './printer-turn.js';
import { encodeRecord, recordKey } from './record-encoding.js';
import { settlementKey } from './settlement-record.js';

/** From what was claimed or sent to its end. */
export interface Conclusion {
  readonly id: string;
  readonly from: IdempotencyRecord;
  /** Undefined frees the key. */
  readonly to: IdempotencyRecord | undefined;
  readonly ttlMs: number;
  /** The turn that ends with it. */
  readonly turn?: PrinterTurn | undefined;
  /** The printer at which nothing is in flight any more; undefined where it stays so, or never was. */
  readonly printerId?: string | undefined;
  readonly ownerWrite?: OwnerWrite | undefined;
  /** By who did not send it, but finds out what became of it: in this turn, while it is what is in flight there. */
  readonly heldBy?: PrinterTurn | undefined;
  /** A print of unknown outcome is in flight at this printer, where nothing else is. */
  readonly reopenAt?: string | undefined;
  readonly additionalWrites?: readonly Write[] | undefined;
  /** By who has sent it: that counts also where all state was lost meanwhile, or others have taken it for unknown. */
  readonly isFirstHand?: boolean;
}

/**
 * Writes a conclusion where `is` stands under the key: `from`, or what has taken its place. What is set comes before what is removed: a
 * Redis that is full refuses the first, and nothing is done then.
 */
export function conclusionChange(conclusion: Conclusion, is: string | undefined): Change {
  const { id, from, ownerWrite, heldBy } = conclusion;
  const ref = { id, token: from.token };
  return {
    conditions: [
      { key: recordKey(id), is },
      ...(ownerWrite ? [ownerWrite.condition] : []),
      ...(heldBy ? [heldBy.isHeldCondition, isInFlightCondition(heldBy.printerId, ref)] : []),
    ],
    writes: [...(ownerWrite?.writes ?? []), ...writesOf(conclusion, ref)],
  };
}

/** The same where no record stands any more, and as long as `settled` is what stands of a settlement of the key. */
export function reopenChange(conclusion: Conclusion, settled: string | undefined): Change {
  const change = conclusionChange(conclusion, undefined);
  const unsettled = { key: settlementKey(conclusion.id), is: settled };
  return { ...change, conditions: [...change.conditions, unsettled] };
}

function writesOf(conclusion: Conclusion, ref: InFlightRef): Write[] {
  const { id, to, ttlMs, turn, printerId, reopenAt, additionalWrites = [] } = conclusion;
  const key = recordKey(id);
  return [
    ...(to ? [{ set: key, value: encodeRecord(to), ttlMs }] : [{ remove: key }]),
    to?.state === 'unknown' ? addToIndex(ref, to.dispatchedAtMs, ttlMs) : removeFromIndex(ref),
    ...(reopenAt === undefined ? [] : [restoreInFlight(reopenAt, ref, ttlMs)]),
    ...(printerId === undefined ? [] : [clearInFlight(printerId, ref)]),
    ...(turn?.endWrites ?? []),
    ...additionalWrites,
  ];
}

/** The end of what was sent, at its printer too. */
export function endOf(
  id: string,
  from: DispatchedRecord | UnknownRecord,
  to: IdempotencyRecord | undefined,
  ttlMs: number,
): Conclusion {
  const printerId = from.operation === 'print' ? from.target : undefined;
  return { id, from, to, ttlMs, printerId };
}
