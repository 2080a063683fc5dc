/** Decoded in pieces of this size: to decode ten megabytes at once takes fresh memory and twenty times as long. */
const PIECE_DIGITS = 65_536;

/** The bytes that digits of base64 stand for, of which only those are decoded that somebody looks at. */
export class Base64Bytes {
  readonly length: number;

  constructor(private readonly digits: Buffer) {
    this.length = Math.floor((digits.length * 3) / 4);
  }

  /** So many bytes from this place on, fewer where it ends. */
  slice(start: number, length: number): Buffer {
    const first = Math.floor(start / 3);
    const last = Math.ceil((start + length) / 3);
    return this.decoded(first * 4, last * 4).subarray(start - first * 3, start - first * 3 + length);
  }

  /** Whether these two bytes stand somewhere behind this place; looked for from the end. */
  includesAfter(start: number, pair: Buffer): boolean {
    const first = Math.floor(start / 3) * 4;
    // Each piece begins a group earlier than the one behind it does, so that no pair falls between two.
    for (let end = this.digits.length + 4; end > first + 4; end -= PIECE_DIGITS) {
      const from = Math.max(first, Math.floor((end - 4) / 4) * 4 - PIECE_DIGITS);
      if (this.decoded(from, end).includes(pair, from === first ? start - (first / 4) * 3 : 0)) return true;
    }
    return false;
  }

  private decoded(start: number, end: number): Buffer {
    return Buffer.from(this.digits.toString('latin1', start, Math.min(end, this.digits.length)), 'base64');
  }
}
