const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const HEX_U = 0x75;
const ZERO = 0x30;
const LOWER_CASE = 0x20;

/** What stands behind `\u00`, as two letters, and the sign of base64 that it means. */
const ESCAPED_SIGNS = new Map(
  ['+', '/', '=', '-', '_'].map((sign) => {
    const [high, low] = sign.charCodeAt(0).toString(16);
    return [pairOf((high as string).charCodeAt(0), (low as string).charCodeAt(0)), sign.charCodeAt(0)];
  }),
);

/**
 * Writes what is escaped in these characters of a JSON text as itself, in their own place, at a cost that grows with their number
 * only: PHP escapes each `/` of an image, .NET each `+`. Answers how long it is now; undefined where anything else is escaped,
 * which no writer of base64 does.
 */
export function unescapeInPlace(bytes: Buffer): number | undefined {
  const { length } = bytes;
  const first = bytes.indexOf(BACKSLASH);
  if (first === -1) return length;
  let end = first;
  for (let at = first; at < length; at += 1, end += 1) {
    const byte = bytes[at] as number;
    if (byte !== BACKSLASH) {
      bytes[end] = byte;
      continue;
    }
    at += 1;
    if (bytes[at] === SLASH) {
      bytes[end] = SLASH;
      continue;
    }
    const isHex = bytes[at] === HEX_U && bytes[at + 1] === ZERO && bytes[at + 2] === ZERO && at + 4 < length;
    const sign = isHex
      ? ESCAPED_SIGNS.get(pairOf(bytes[at + 3] as number, bytes[at + 4] as number))
      : undefined;
    if (sign === undefined) return undefined;
    bytes[end] = sign;
    at += 4;
  }
  return end;
}

/** Two hexadecimal digits, in either case. */
function pairOf(high: number, low: number): number {
  return high * 256 + (low | LOWER_CASE);
}
