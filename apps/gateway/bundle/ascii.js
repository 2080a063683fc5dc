/* eslint-disable no-control-regex -- the border of ASCII */
const BEYOND_ASCII = /[^\x00-\x7F]/g;
const AFTER_BACKSLASH = /(?<!\\)(?:\\\\)*\\[^\x00-\x7F]/;

/**
 * The same program in ASCII. One letter beyond Latin-1, in a pattern or a comment, makes V8 keep the whole text of the bundle with two bytes for each
 * character: 7 MB more in every process. esbuild escapes texts itself, and leaves these as they are.
 */
export function inAscii(code) {
  if (AFTER_BACKSLASH.test(code)) throw new Error('A letter behind a backslash cannot be escaped.');
  return code.replace(BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
