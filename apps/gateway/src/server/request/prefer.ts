/** A preference with its value, then parameters, which mean nothing here (RFC 7240 §2). */
const PREFERENCE = /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*)?(?:;|$)/;
/** What stands between commas; those within quotes separate nothing. */
const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
/** No server keeps a text of more; the rest is not looked at. */
const MAX_LENGTH = 1_000;

/**
 * The value of a preference in `Prefer`, whose lines are one list (RFC 7240 §2): of the first where it stands more than once; empty where
 * it has none. Undefined where it is not there.
 */
export function preferenceOf(name: string, prefer: string | string[] | undefined): string | undefined {
  if (prefer === undefined) return undefined;
  const list = [prefer].flat().join(',').slice(0, MAX_LENGTH);
  for (const [element] of list.matchAll(ELEMENT)) {
    const [, found, value = ''] = PREFERENCE.exec(element) ?? [];
    if (found?.toLowerCase() === name) return value.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
  }
  return undefined;
}
