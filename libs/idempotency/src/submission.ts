import { digestOf, identityParts, type Identity } from '#libs/contract';
import type { IdempotencyKey } from './idempotency-key.js';

/** A request that must be done once. */
export interface Submission {
  readonly key: IdempotencyKey;
  /** Whose key it is: the same text from another caller is another key. */
  readonly submitter: Identity;
  /** The vendor's operationId, and the id it is about: with the key and the caller they are the scope. */
  readonly operation: 'print' | 'updatePrint' | 'resumePrintJob';
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

/**
 * Names the scope of a key, without showing the key. Not keyed by the secret of the installation, although a key that is easy to guess can
 * be guessed back: the name is how a key is found again, and with a secret that was changed or lost nothing would be found, and every
 * retry would print once more. Whoever knows a key can do nothing with it: it belongs to its caller. Logs and the audit do not show it.
 */
export function submissionId(submission: Submission): string {
  let id = ids.get(submission);
  if (id === undefined) ids.set(submission, (id = digestOfScope(submission)));
  return id;
}

/** Asked for at each step of a submission. */
const ids = new WeakMap<Submission, string>();

function digestOfScope({ key, submitter, operation, target }: Submission): string {
  return digestOf(...identityParts(submitter), operation, target, key);
}
