import {
  StoreUnavailable,
  type Change,
  type Condition,
  type Outcome,
  type Take,
  type Write,
} from '#libs/store';
import type { Claim, Claimed, Dispatched, StoredResponse } from './claim.machine.js';
import { encodeClaim } from './encoded-claim.js';
import { PrinterBusy, RequestRunning } from './idempotency.problems.js';
import { listAsOpen, unlistAsOpen, type Sending } from './open-submissions.js';
import { closing, whileOpenAt, openingAnew, type PrinterTurn } from './printer-turn.js';
import { settledKey } from './settled.js';

/** How much later than the time in it a mark may be written. */
const MARK_TOLERANCE_MS = 1_000;

export function claimKey(id: string): string {
  return `{${id}}:claim`;
}

/** What is written down together with an outcome: whose a job is. Made only where the job is nobody's yet. */
export interface Note {
  readonly condition: Condition;
  readonly writes: readonly Write[];
  /** Whether what stands there already says the same. */
  saysSo(found: string | undefined): boolean;
  /** It cannot be written yet: it will be, unless it is refuted. */
  presumed?(): void;
  /** It stands there now. */
  written?(): void;
  /** What it is about is another submission's. */
  refuted?(): void;
}

/** What is written down in one step with an outcome, and depends on nothing. */
export interface Beside {
  readonly writes: readonly Write[];
  /** It stands there now, or will as soon as it can. */
  written(): void;
}

/** The answer to what was sent, and what is written down with it. */
export interface Answered {
  readonly response: StoredResponse;
  readonly note?: Note | undefined;
  readonly beside?: Beside | undefined;
}

/** Of a key that nobody has claimed, where there is room for what its submission takes. */
export function claiming(id: string, claim: Claimed, leaseMs: number, takes: readonly Take[]): Change {
  const key = claimKey(id);
  return {
    conditions: [{ key, is: undefined }],
    takes,
    writes: [{ set: key, value: encodeClaim(claim), ttlMs: leaseMs }],
  };
}

/** The mark before the first byte: of who holds the claim, in the turn, where nothing else is open. Too late it is not made. */
export function marking(
  id: string,
  claim: Claimed,
  sent: Dispatched,
  turn: PrinterTurn | undefined,
  keptMs: number,
  takes: readonly Take[],
): Change {
  const key = claimKey(id);
  const sending = { id, token: sent.token };
  return {
    conditions: [{ key, is: encodeClaim(claim) }, ...(turn ? [turn.whileHeld, turn.whileNothingIsOpen] : [])],
    takes,
    writes: [
      { set: key, value: encodeClaim(sent), ttlMs: keptMs },
      listAsOpen(sending, sent.dispatchedAtMs, keptMs),
      ...(turn ? [turn.opening(sending, keptMs)] : []),
    ],
    notAfterMs: sent.dispatchedAtMs + MARK_TOLERANCE_MS,
    isDurable: true,
  };
}

/** Why a mark was not made, unless it only came too late. */
export function markObstacle({ found, rooms }: Outcome, claim: Claimed, turn: PrinterTurn | undefined) {
  if (found[0] !== encodeClaim(claim)) return new RequestRunning();
  if (found[1] !== turn?.owner || found[2] !== undefined) return new PrinterBusy();
  const stands = rooms.every(({ suffices }) => suffices);
  return stands ? undefined : new StoreUnavailable(new Error('what was taken does not stand any more'));
}

/** The mark of what was sent and refused, before it is sent again. */
export function markingAgain(
  id: string,
  sent: Dispatched,
  again: Dispatched,
  atMs: number,
  turn: PrinterTurn | undefined,
  keptMs: number,
): Change {
  const key = claimKey(id);
  return {
    conditions: [{ key, is: encodeClaim(sent) }, ...(turn ? [turn.whileHeld] : [])],
    writes: [{ set: key, value: encodeClaim(again), ttlMs: keptMs }],
    notAfterMs: atMs + MARK_TOLERANCE_MS,
    isDurable: true,
  };
}

export interface Conclusion {
  readonly id: string;
  readonly from: Claim;
  /** Undefined frees the key. */
  readonly to: Claim | undefined;
  readonly ttlMs: number;
  /** The turn that ends with it. */
  readonly turn?: PrinterTurn | undefined;
  /** The printer at which nothing is open any more; undefined where it stays open, or never was. */
  readonly printerId?: string | undefined;
  readonly note?: Note | undefined;
  /** By who does not send it, but finds out what became of it: in this turn, while it is what is open there. */
  readonly heldBy?: PrinterTurn | undefined;
  /** A print that is lost track of is open at this printer, where nothing is. */
  readonly openAt?: string | undefined;
  /** What else is written with it. */
  readonly also?: readonly Write[] | undefined;
  /** By who has sent it: that counts also where all state was lost meanwhile, or others have taken it for unknown. */
  readonly isFirstHand?: boolean;
}

/**
 * From what was claimed or sent to its end, where `is` stands under the key: `from`, or what has taken its place. What is set comes before
 * what is removed: a Redis that is full refuses the first, and nothing is done then.
 */
export function concluding(conclusion: Conclusion, is: string | undefined): Change {
  const { id, from, note, heldBy } = conclusion;
  const sending = { id, token: from.token };
  return {
    conditions: [
      { key: claimKey(id), is },
      ...(note ? [note.condition] : []),
      ...(heldBy ? [heldBy.whileHeld, whileOpenAt(heldBy.printerId, sending)] : []),
    ],
    writes: [...(note?.writes ?? []), ...writesOf(conclusion, sending)],
  };
}

/** The same where no claim stands any more, and as long as this stands of a settlement of the key. */
export function concludingAnew(conclusion: Conclusion, settled: string | undefined): Change {
  const change = concluding(conclusion, undefined);
  const unsettled = { key: settledKey(conclusion.id), is: settled };
  return { ...change, conditions: [...change.conditions, unsettled] };
}

function writesOf(conclusion: Conclusion, sending: Sending): Write[] {
  const { id, to, ttlMs, turn, printerId, openAt, also = [] } = conclusion;
  const key = claimKey(id);
  return [
    ...(to ? [{ set: key, value: encodeClaim(to), ttlMs }] : [{ remove: key }]),
    to?.state === 'unknown' ? listAsOpen(sending, to.dispatchedAtMs, ttlMs) : unlistAsOpen(sending),
    ...(openAt === undefined ? [] : [openingAnew(openAt, sending, ttlMs)]),
    ...(printerId === undefined ? [] : [closing(printerId, sending)]),
    ...(turn?.ending ?? []),
    ...also,
  ];
}
