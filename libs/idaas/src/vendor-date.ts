const OFFSET_WITHOUT_COLON = /([+-]\d{2})(\d{2})$/;

/**
 * Milliseconds since the epoch of one of the vendor's two date forms, `2020-01-23T16:30:58Z` and
 * `2018-05-28T19:07:50.328+0000`, or undefined. `Date.parse` need not accept the second (ECMA-262 §21.4.1.32).
 */
export function parseVendorDate(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const milliseconds = Date.parse(text.replace(OFFSET_WITHOUT_COLON, '$1:$2'));
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
