import type { IdempotencyKey } from './idempotency-key.js';

/** RFC 9562 §4: 8-4-4-4-12 hexadecimal digits of either case, with or without `urn:uuid:` before them; version 7 (§4.2), variant 8 to b (§4.1). */
const UUID_V7 = /^(?:urn:uuid:)?([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** When a key says that it was made, in milliseconds since 1970: a UUIDv7 begins with it (RFC 9562 §5.7). Undefined for any other key. */
export function timeOfKey(key: IdempotencyKey): number | undefined {
  const [, high, low] = UUID_V7.exec(key) ?? [];
  return high !== undefined && low !== undefined ? parseInt(high + low, 16) : undefined;
}
