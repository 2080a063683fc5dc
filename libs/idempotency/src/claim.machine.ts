import type { Submission } from './submission.js';

/*
 * (none) → claimed → dispatched → completed
 *             ↓           ↓    ↘
 *          released    released   unknown → completed | released | unknown
 *
 * claimed: a lease; nothing was sent. dispatched: written before the first byte can leave; from here only proof that
 * nothing was done frees the key. A dispatched claim whose time is over is unknown: its gateway has died.
 * All times are those of the Store.
 */

export interface StoredResponse {
  readonly status: number;
  readonly body: string;
}

interface Common {
  readonly fingerprint: string;
  /** Tells this claim from any other of the same key. */
  readonly token: string;
}

/** What is kept of a submission that was sent. Neither its key nor its body: they would show more than is needed. */
interface Sent extends Common, Omit<Submission, 'key' | 'body'> {
  /** Whether the caller gave the key, and so can come back with it. */
  readonly isKeyed: boolean;
  readonly dispatchedAtMs: number;
  /** When it ended, or must have ended, one way or the other. */
  readonly endsAtMs: number;
}

export type Claimed = Common & { readonly state: 'claimed' };
export type Dispatched = Sent & { readonly state: 'dispatched' };
export type Unknown = Sent & { readonly state: 'unknown' };
export type Completed = Common & { readonly state: 'completed'; readonly response: StoredResponse };
export type Claim = Claimed | Dispatched | Unknown | Completed;

/** What a request meets under its key. */
export type Meeting = 'free' | 'another-body' | 'running' | 'unknown' | StoredResponse;

export function meet(claim: Claim | undefined, isAnotherBody: boolean, nowMs: number): Meeting {
  if (!claim) return 'free';
  if (isAnotherBody) return 'another-body';
  if (claim.state === 'completed') return claim.response;
  return isUnknown(claim, nowMs) ? 'unknown' : 'running';
}

/** Whether it was sent, and its outcome is not written down yet. */
export function isOpen(claim: Claim | undefined): claim is Unknown | Dispatched {
  return claim?.state === 'unknown' || claim?.state === 'dispatched';
}

/** Whether nobody can know any more, without asking around, what became of it. */
export function isUnknown(claim: Claim, nowMs: number): claim is Unknown | Dispatched {
  return claim.state === 'unknown' || (claim.state === 'dispatched' && claim.endsAtMs <= nowMs);
}

export function dispatched(
  { fingerprint, token }: Common,
  { submitter, operation, target, copies, label, reservedAtMs }: Submission,
  isKeyed: boolean,
  times: { readonly dispatchedAtMs: number; readonly endsAtMs: number },
): Dispatched {
  const kept = { submitter, operation, target, copies, label, reservedAtMs };
  return { state: 'dispatched', isKeyed, fingerprint, token, ...kept, ...times };
}

export function unknown(sent: Dispatched | Unknown, endsAtMs: number): Unknown {
  return { ...sent, state: 'unknown', endsAtMs };
}

export function completed({ fingerprint, token }: Common, response: StoredResponse): Completed {
  return { state: 'completed', fingerprint, token, response };
}
