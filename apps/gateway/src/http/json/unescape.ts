const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const HEX_U = 0x75;
const ZERO = 0x30;
const LOWER_CASE = 0x20;

/** What the two letters behind `\u00` mean, where that is a sign of base64. A table: ten megabytes may be nothing but escapes. */
const ESCAPED_SIGNS = new Uint8Array(0x10000);
for (const sign of ['+', '/', '=', '-', '_']) {
  const code = sign.charCodeAt(0);
  const [high, low] = Buffer.from(code.toString(16));
  ESCAPED_SIGNS[pairOf(high as number, low as number)] = code;
}

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
    if (at + 4 >= length || bytes[at] !== HEX_U || bytes[at + 1] !== ZERO || bytes[at + 2] !== ZERO)
      return undefined;
    const sign = ESCAPED_SIGNS[pairOf(bytes[at + 3] as number, bytes[at + 4] as number)] as number;
    if (sign === 0) return undefined;
    bytes[end] = sign;
    at += 4;
  }
  return end;
}

/** Two hexadecimal digits, in either case. */
function pairOf(high: number, low: number): number {
  return high * 256 + (low | LOWER_CASE);
}
