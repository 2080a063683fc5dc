/**
 * Half a letter beyond the Basic Multilingual Plane: what readers make of it differs (RFC 8259 §8.2). So it does of NUL, behind which some
 * see nothing.
 */
const NO_TEXT = /[\0\ud800-\udfff]/u;

/** Whether every reader makes the same of this text. */
export function isText(text: string): boolean {
  return !NO_TEXT.test(text);
}
