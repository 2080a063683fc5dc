import { createHmac } from 'node:crypto';
import { digestOf, type Identity } from '#libs/contract';
import type { IdempotencyKey } from './idempotency-key.js';

/** A request that must be done once. */
export interface Submission {
  readonly key: IdempotencyKey;
  /** Whose key it is: the same text from another caller is another key. */
  readonly submitter: Identity;
  /** The vendor's operationId, and the id it is about: with the key and the caller they are the scope. */
  readonly operation: 'print' | 'updatePrint';
  readonly target: string;
  /** The validated request in its canonical form. */
  readonly body: string | readonly Uint8Array[];
  /** How many cards it asks for. */
  readonly copies: number;
  /** The caller's own name for what comes of it. */
  readonly label: string | undefined;
  /** When cards were reserved for it of a day's quota; undefined when none were. */
  readonly reservedAtMs: number | undefined;
}

/** Names the scope of a key, without showing the key. */
export function submissionId({ key, submitter, operation, target }: Submission): string {
  const { issuer, tenant, subject } = submitter;
  return digestOf(issuer, tenant, subject, operation, target, key);
}

/** Tells another body from the same. Keyed by the caller's key, which is stored nowhere, so it cannot be guessed back. */
export function fingerprintOf({ key, body }: Submission): string {
  const hmac = createHmac('sha256', key);
  for (const piece of typeof body === 'string' ? [body] : body) hmac.update(piece);
  return hmac.digest('base64url');
}
