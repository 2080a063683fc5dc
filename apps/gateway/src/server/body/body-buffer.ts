/**
 * The bytes of one body, put one behind the other as they arrive. A body whose length was announced is allocated once, and each of its bytes is
 * copied once; one of unknown length grows. The memory serves this body and no other, and is left to the garbage collector: what a connection
 * to the upstream still reads can never become the image of another card.
 */
export class BodyBuffer {
  private buffer: Buffer;
  private end = 0;

  /** Has room for `bytes`, and grows to `maxBytes`. The kernel gives a page of it when it is written to: what does not come costs nothing. */
  constructor(
    bytes: number,
    private readonly maxBytes = bytes,
  ) {
    this.buffer = Buffer.allocUnsafe(bytes);
  }

  /** What has arrived, and nothing of what the memory held before. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  /** How many bytes have arrived. */
  get length(): number {
    return this.end;
  }

  /** Throws a `RangeError` for more than `maxBytes`. */
  append(chunk: Buffer): void {
    const end = this.end + chunk.length;
    if (end > this.maxBytes) throw new RangeError('the body is longer than its buffer may be');
    if (end > this.buffer.length) this.grow(end);
    this.buffer.set(chunk, this.end);
    this.end = end;
  }

  private grow(leastBytes: number): void {
    const room = Math.min(this.maxBytes, Math.max(leastBytes, 2 * this.buffer.length));
    const grown = Buffer.allocUnsafe(room);
    grown.set(this.bytes);
    this.buffer = grown;
  }
}
