import { createHmac } from 'node:crypto';
import type { PurposeKey } from '#libs/secrets';
import { submissionId, type Submission } from './submission.js';

/** Between the id of the key and the digest; it stands in neither. */
const SEPARATOR = '.';

/**
 * Tells another body from the same, and not the body itself: it may hold a track of which four digits are all that nobody knows. Keyed by
 * the secret of the installation, whose key it names, and by the submission, so that equal bodies do not look equal.
 */
export function fingerprintOf(submission: Submission, key: PurposeKey): string {
  return key.id + SEPARATOR + key.hash(submissionId(submission), ...chunksOf(submission));
}

/** Whether a fingerprint names its key, as all do since the secret of the installation makes them. */
export function hasKeyId(fingerprint: string): boolean {
  return fingerprint.includes(SEPARATOR);
}

/**
 * Whether what was kept under a key tells that it came with another body. What was made with another secret tells nothing: then it counts
 * as the same, for a genuine retry must be neither refused nor sent once more.
 */
export function isOfDifferentBody(kept: string, submission: Submission, key: PurposeKey): boolean {
  if (!hasKeyId(kept)) return kept !== earlierFingerprintOf(submission);
  return kept.startsWith(key.id + SEPARATOR) && kept !== fingerprintOf(submission, key);
}

/** As it was made before there was a secret of the installation; records of then live for up to `IDEMPOTENCY_UNKNOWN_DAYS`. */
function earlierFingerprintOf(submission: Submission): string {
  const hmac = createHmac('sha256', submission.key);
  for (const chunk of chunksOf(submission)) hmac.update(chunk);
  return hmac.digest('base64url');
}

function chunksOf({ body }: Submission): readonly (string | Uint8Array)[] {
  return typeof body === 'string' ? [body] : body;
}
