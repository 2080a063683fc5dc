/** Decoded in pieces of this size, into the same memory: to decode ten megabytes into fresh memory takes many times as long. */
const PIECE_DIGITS = 65_536;
const piece = Buffer.allocUnsafeSlow(PIECE_DIGITS);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** What each digit stands for, in either alphabet of RFC 4648 (§4, §5). */
const VALUES = new Uint8Array(256);
for (const lastTwo of ['+/', '-_'])
  Buffer.from(DIGITS + lastTwo).forEach((digit, value) => (VALUES[digit] = value));

/** The bytes that digits of base64 stand for, of which only those are decoded that somebody looks at. */
export class Base64Bytes {
  readonly length: number;

  constructor(private readonly digits: Buffer) {
    this.length = Math.floor((digits.length * 3) / 4);
  }

  /** The byte at this place, 0 behind the end. An image may have thousands of places to look at, so each costs next to nothing. */
  at(index: number): number {
    if (index >= this.length) return 0;
    const third = index % 3;
    const digit = ((index - third) / 3) * 4 + third;
    const upper = this.valueOf(digit) << (2 + 2 * third);
    return (upper | (this.valueOf(digit + 1) >> (4 - 2 * third))) & 0xff;
  }

  uint16(index: number): number {
    return this.at(index) * 0x100 + this.at(index + 1);
  }

  uint32(index: number): number {
    return this.uint16(index) * 0x10000 + this.uint16(index + 2);
  }

  startsWith(bytes: Buffer): boolean {
    return this.length >= bytes.length && bytes.every((byte, index) => byte === this.at(index));
  }

  /** Whether these two bytes stand behind this place, no further than so many bytes from the end; looked for from there. */
  endsAfter(start: number, pair: Buffer, within: number): boolean {
    const begin = Math.max(start, this.length - within);
    const first = Math.floor(begin / 3) * 4;
    // Each piece begins a group earlier than the one behind it does, so that no pair falls between two.
    for (let end = this.digits.length + 4; end > first + 4; end -= PIECE_DIGITS) {
      const from = Math.max(first, Math.floor((end - 4) / 4) * 4 - PIECE_DIGITS);
      if (holdsPair(this.decoded(from, end), pair, from === first ? begin - (first / 4) * 3 : 0)) return true;
    }
    return false;
  }

  private valueOf(digit: number): number {
    return VALUES[this.digits[digit] as number] as number;
  }

  /** Good until the next is decoded. */
  private decoded(start: number, end: number): Buffer {
    const digits = this.digits.toString('latin1', start, Math.min(end, this.digits.length));
    return piece.subarray(0, piece.write(digits, 'base64'));
  }
}

/** Where every byte is the first of the pair, `includes` takes ten times as long. */
function holdsPair(bytes: Buffer, [first, second]: Buffer, start: number): boolean {
  for (let at = bytes.length - 1; at > start; at -= 1)
    if (bytes[at] === second && bytes[at - 1] === first) return true;
  return false;
}
