import { hasKeyId } from './fingerprint.js';
import type { IdempotencyRecord } from './idempotency-record.js';

/**
 * Stands before a record whose fingerprint names its key. A gateway of an earlier version, which may run beside this one during an upgrade,
 * would take such a fingerprint for that of another body, and answer 422 to a retry; so it must not be able to read it.
 */
const FORMAT_PREFIX = '2:';

/** Where the record of a submission stands; `{id}` is a Redis Cluster hash tag. `claim` is what earlier versions look for. */
export function recordKey(id: string): string {
  return `{${id}}:claim`;
}

/** As it stands in the Store: always the same text for the same record, for conditions compare it. */
export function encodeRecord(record: IdempotencyRecord): string {
  return (hasKeyId(record.fingerprint) ? FORMAT_PREFIX : '') + JSON.stringify(record);
}

export function decodeRecord(text: string | undefined): IdempotencyRecord | undefined {
  if (text === undefined) return undefined;
  const json = text.startsWith(FORMAT_PREFIX) ? text.slice(FORMAT_PREFIX.length) : text;
  return JSON.parse(json) as IdempotencyRecord;
}
