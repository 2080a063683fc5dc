import { NO_BASE64 } from './body.problems.js';
import { unescapeInPlace } from './unescape.js';

/** So much of a long string is looked at while it arrives. */
export const PREFIX_BYTES = 4_096;
/** `\u002B` is the longest. */
const MAX_ESCAPE_LENGTH = 6;
const BACKSLASH = 0x5c;

/** What is wrong with the beginning of these characters of a JSON string, as it is known unescaped, or undefined. */
export function longStringPrefixFault(
  characters: Buffer,
  faultOf: (prefix: Buffer) => string | undefined,
): string | undefined {
  const prefix = Buffer.from(characters.subarray(0, PREFIX_BYTES));
  // The last of them may be half an escape.
  const cut = prefix.indexOf(BACKSLASH, PREFIX_BYTES - MAX_ESCAPE_LENGTH);
  const whole = cut === -1 ? prefix : prefix.subarray(0, cut);
  const length = unescapeInPlace(whole);
  return length === undefined ? NO_BASE64 : faultOf(whole.subarray(0, length));
}
