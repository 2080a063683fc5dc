import { NO_BASE64 } from './body.problems.js';
import { unescapeInPlace } from './unescape.js';

/** So much of a long text is looked at while it arrives. */
export const BEGINNING_BYTES = 4_096;
/** `\u002B` is the longest. */
const MAX_ESCAPE_LENGTH = 6;
const BACKSLASH = 0x5c;

/** What is wrong with the beginning of these characters of a JSON text, as it is known unescaped, or undefined. */
export function beginningFault(
  characters: Buffer,
  faultOf: (beginning: Buffer) => string | undefined,
): string | undefined {
  const beginning = Buffer.from(characters.subarray(0, BEGINNING_BYTES));
  // The last of them may be half an escape.
  const cut = beginning.indexOf(BACKSLASH, BEGINNING_BYTES - MAX_ESCAPE_LENGTH);
  const whole = cut === -1 ? beginning : beginning.subarray(0, cut);
  const length = unescapeInPlace(whole);
  return length === undefined ? NO_BASE64 : faultOf(whole.subarray(0, length));
}
