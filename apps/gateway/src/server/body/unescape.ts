const BACKSLASH = 0x5c;
const HEX_U = 0x75;
const ZERO = 0x30;
const LOWER_CASE = 0x20;
/** No byte: it stands for a line break, which is left out. */
const LEFT_OUT = 0x100;

/** What the letter behind a backslash means, where that may stand in base64; 0 for any other. */
const SHORT_ESCAPES = new Uint16Array(0x100);
/** What the two letters behind `\u00` mean, likewise. Tables: ten megabytes may be nothing but escapes. */
const LONG_ESCAPES = new Uint16Array(0x10000);
for (const sign of ['+', '/', '=', '-', '_', '\n', '\r']) {
  const code = sign.charCodeAt(0);
  const [high, low] = Buffer.from(code.toString(16).padStart(2, '0'));
  LONG_ESCAPES[pairOf(high as number, low as number)] = sign.trim() === '' ? LEFT_OUT : code;
}
for (const letter of ['n', 'r']) SHORT_ESCAPES[letter.charCodeAt(0)] = LEFT_OUT;
SHORT_ESCAPES['/'.charCodeAt(0)] = '/'.charCodeAt(0);

/**
 * Writes what is escaped in these characters of a JSON text as itself, in their own place, at a cost that grows with their number
 * only: PHP escapes each `/` of an image, .NET each `+`. Line breaks, which MIME puts behind each 76 digits (RFC 2045 §6.8), are left
 * out. Answers how long it is now; undefined where anything else is escaped, which no writer of base64 does.
 */
export function unescapeInPlace(bytes: Buffer): number | undefined {
  const { length } = bytes;
  const first = bytes.indexOf(BACKSLASH);
  if (first === -1) return length;
  let end = first;
  for (let at = first; at < length; at += 1) {
    let sign = bytes[at] as number;
    if (sign === BACKSLASH) {
      at += 1;
      sign = SHORT_ESCAPES[bytes[at] ?? 0] as number;
      if (sign === 0) {
        sign = longEscapeAt(bytes, at);
        at += 4;
      }
      if (sign === 0) return undefined;
    }
    if (sign === LEFT_OUT) continue;
    bytes[end] = sign;
    end += 1;
  }
  return end;
}

function longEscapeAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== HEX_U || bytes[at + 1] !== ZERO || bytes[at + 2] !== ZERO) return 0;
  return LONG_ESCAPES[pairOf(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0)] as number;
}

/** Two hexadecimal digits, in either case. */
function pairOf(high: number, low: number): number {
  return high * 256 + (low | LOWER_CASE);
}
