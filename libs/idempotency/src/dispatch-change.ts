import { StoreUnavailable, type Change, type Outcome, type Take } from '#libs/store';
import { PrinterBusy, RequestInProgress } from './idempotency.problems.js';
import type { ClaimedRecord, DispatchedRecord } from './idempotency-record.js';
import { addToIndex } from './in-flight-index.js';
import type { PrinterTurn } from './printer-turn.js';
import { encodeRecord, recordKey } from './record-encoding.js';

/** How much later than the time in it a dispatch may be written, in milliseconds. */
const DISPATCH_TOLERANCE_MS = 1_000;

/**
 * Written before the first byte: by who holds the key, in the printer's turn, where nothing else is in flight. What comes later than its
 * tolerance changes nothing.
 */
export function dispatchChange(
  id: string,
  claimed: ClaimedRecord,
  sent: DispatchedRecord,
  turn: PrinterTurn | undefined,
  ttlMs: number,
  takes: readonly Take[],
): Change {
  const key = recordKey(id);
  const ref = { id, token: sent.token };
  const inTurn = turn ? [turn.isHeldCondition, turn.isFreeCondition] : [];
  return {
    conditions: [{ key, is: encodeRecord(claimed) }, ...inTurn],
    takes,
    writes: [
      { set: key, value: encodeRecord(sent), ttlMs },
      addToIndex(ref, sent.dispatchedAtMs, ttlMs),
      ...(turn ? [turn.inFlightWrite(ref, ttlMs)] : []),
    ],
    notAfterMs: sent.dispatchedAtMs + DISPATCH_TOLERANCE_MS,
    isDurable: true,
  };
}

/** Why a dispatch was not written; undefined where it only came too late. */
export function dispatchRefusal(
  { found, rooms }: Outcome,
  claimed: ClaimedRecord,
  turn: PrinterTurn | undefined,
): Error | undefined {
  if (found[0] !== encodeRecord(claimed)) return new RequestInProgress();
  if (found[1] !== turn?.owner || found[2] !== undefined) return new PrinterBusy();
  const isReserved = rooms.every(({ suffices }) => suffices);
  return isReserved ? undefined : new StoreUnavailable(new Error('what was reserved is not there any more'));
}

/** The dispatch of what was sent and refused, before it is sent once more. */
export function redispatchChange(
  id: string,
  sent: DispatchedRecord,
  renewed: DispatchedRecord,
  atMs: number,
  turn: PrinterTurn | undefined,
  ttlMs: number,
): Change {
  const key = recordKey(id);
  return {
    conditions: [{ key, is: encodeRecord(sent) }, ...(turn ? [turn.isHeldCondition] : [])],
    writes: [{ set: key, value: encodeRecord(renewed), ttlMs }],
    notAfterMs: atMs + DISPATCH_TOLERANCE_MS,
    isDurable: true,
  };
}
