/** The vendor's id pattern (issuance-api 5.46, `[a-fA-F0-9-]{32,36}`), anchored: nothing else can enter a path. */
const RESOURCE_ID = /^[a-fA-F0-9-]{32,36}$/;
/** The same as the gateway writes it: almost every id comes so, and needs no second look. */
const CANONICAL = /^[a-f0-9-]{32,36}$/;

export const RESOURCE_ID_PATTERN = RESOURCE_ID.source;

/**
 * The id in its one spelling, lower case (RFC 9562 §4: read in either case, written in lower case), so that two spellings of an id are
 * one key, one record and one line of a policy. Undefined for what is no id.
 */
export function canonicalResourceId(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  if (CANONICAL.test(text)) return text;
  return RESOURCE_ID.test(text) ? text.toLowerCase() : undefined;
}
