import { createHash, createHmac } from 'node:crypto';
import type { IdempotencyKey } from './idempotency-key.js';

/** Whose key it is: the same text from another caller is another key. */
export interface Submitter {
  readonly issuer: string;
  readonly subject: string;
  readonly tenant: string | undefined;
}

/** A request that must be done once. */
export interface Submission {
  readonly key: IdempotencyKey;
  readonly submitter: Submitter;
  /** The vendor's operationId, and the id it is about: with the key and the caller they are the scope. */
  readonly operation: 'print' | 'updatePrint';
  readonly target: string;
  /** The validated request in its canonical form. */
  readonly body: string;
  /** How many cards it asks for. */
  readonly copies: number;
}

/** Names the scope of a key. As JSON its parts cannot run into one another; as a hash it does not show the key. */
export function submissionId({ key, submitter, operation, target }: Submission): string {
  const { issuer, tenant, subject } = submitter;
  const parts = [issuer, tenant ?? null, subject, operation, target, key];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Tells another body from the same. Keyed by the caller's key, which is stored nowhere, so it cannot be guessed back. */
export function fingerprintOf({ key, body }: Submission): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}
