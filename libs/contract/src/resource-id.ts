/** The vendor's id pattern (issuance-api 5.46, `[a-fA-F0-9-]{32,36}`), anchored: nothing else can enter a path. */
const RESOURCE_ID = /^[a-fA-F0-9-]{32,36}$/;

export const RESOURCE_ID_PATTERN = RESOURCE_ID.source;

export function isResourceId(text: unknown): text is string {
  return typeof text === 'string' && RESOURCE_ID.test(text);
}

/** Ids are hexadecimal: their case says nothing. */
export function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
