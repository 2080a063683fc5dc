import type { Submission } from './submission.js';

/*
 * (none) → claimed → dispatched → completed
 *             ↓           ↓    ↘
 *          released    released   unknown → completed | released | unknown
 *
 * claimed: a lease; nothing was sent. dispatched: written before the first byte can leave; from here only proof that
 * nothing was done frees the key. A dispatched record whose time is over is unknown: its gateway has died.
 * All times are those of the Store.
 */

export interface StoredResponse {
  readonly status: number;
  readonly body: string;
}

interface RecordBase {
  readonly fingerprint: string;
  /** Tells this use of the key from any other. */
  readonly token: string;
}

/** What is kept of a submission that was sent. Neither its key nor its body: they would show more than is needed. */
interface SentRecord extends RecordBase, Omit<Submission, 'key' | 'body'> {
  /** Whether the caller gave the key, and so can come back with it. */
  readonly isKeyed: boolean;
  readonly dispatchedAtMs: number;
  /** When it ended, or must have ended, one way or the other. */
  readonly endsAtMs: number;
}

export type ClaimedRecord = RecordBase & { readonly state: 'claimed' };
export type DispatchedRecord = SentRecord & { readonly state: 'dispatched' };
export type UnknownRecord = SentRecord & { readonly state: 'unknown' };
export type CompletedRecord = RecordBase & {
  readonly state: 'completed';
  readonly response: StoredResponse;
};

/** What is kept of a key, in one of the states above. */
export type IdempotencyRecord = ClaimedRecord | DispatchedRecord | UnknownRecord | CompletedRecord;

/** What a request finds under its key; the response where it was completed. */
export type KeyState = 'free' | 'another-body' | 'running' | 'unknown' | StoredResponse;

export function keyStateOf(
  record: IdempotencyRecord | undefined,
  isAnotherBody: boolean,
  nowMs: number,
): KeyState {
  if (!record) return 'free';
  if (isAnotherBody) return 'another-body';
  if (record.state === 'completed') return record.response;
  return isOutcomeUnknown(record, nowMs) ? 'unknown' : 'running';
}

/** Whether it was sent, and its outcome is not written down yet. */
export function isInFlight(
  record: IdempotencyRecord | undefined,
): record is UnknownRecord | DispatchedRecord {
  return record?.state === 'unknown' || record?.state === 'dispatched';
}

/** Whether nobody can know any more, without asking around, what became of it. */
export function isOutcomeUnknown(
  record: IdempotencyRecord,
  nowMs: number,
): record is UnknownRecord | DispatchedRecord {
  return record.state === 'unknown' || (record.state === 'dispatched' && record.endsAtMs <= nowMs);
}

export function dispatchedRecord(
  { fingerprint, token }: RecordBase,
  { submitter, operation, target, copies, label, reservedAtMs }: Submission,
  isKeyed: boolean,
  times: { readonly dispatchedAtMs: number; readonly endsAtMs: number },
): DispatchedRecord {
  const kept = { submitter, operation, target, copies, label, reservedAtMs };
  return { state: 'dispatched', isKeyed, fingerprint, token, ...kept, ...times };
}

export function unknownRecord(sent: DispatchedRecord | UnknownRecord, endsAtMs: number): UnknownRecord {
  return { ...sent, state: 'unknown', endsAtMs };
}

export function completedRecord(
  { fingerprint, token }: RecordBase,
  response: StoredResponse,
): CompletedRecord {
  return { state: 'completed', fingerprint, token, response };
}
