import type { Identity } from '#libs/contract';
import { isInFlight } from './idempotency-record.js';
import { decodeRecord, recordKey } from './record-encoding.js';

/** The keys of all records, as a pattern of Redis. */
export const RECORD_KEYS = recordKey('*');

/** The index of prints that ended without a job, whose job may still show up. Its members are JSON, and name the `submitter`. */
export const JOBLESS_PRINTS = 'submissions:jobless';

/** The index of settlements that are written down, and not finished. Its members are JSON, and name the submitter in their audit event. */
export const UNFINISHED_SETTLEMENTS = 'settlements:unfinished';

/**
 * Whose a record is, as far as it says so. What is not sent yet, and what is completed, names nobody: it says under which hash of caller and key it
 * stands, and what the answer was.
 */
export function submitterOf(encoded: string): Identity | undefined {
  const record = decodeRecord(encoded);
  return isInFlight(record) ? record.submitter : undefined;
}
