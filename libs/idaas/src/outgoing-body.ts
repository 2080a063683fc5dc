/** A connection asks for what follows a piece of this length when it has sent the piece; shorter ones it may still hold then. */
const SENT_AT_ONCE_BYTES = 65_536;

/**
 * A body on its way, in pieces that are sent as they are, one behind the other. Whoever owns their memory may use it again while the
 * body is free: nobody is reading, and nobody who began and broke off may be reading still.
 */
export class OutgoingBody implements Iterable<Uint8Array> {
  readonly length: number;
  private readers = 0;

  constructor(readonly pieces: readonly Uint8Array[]) {
    this.length = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether everybody who began to read has come to the end. */
  get isFree(): boolean {
    return this.readers === 0;
  }

  /** What to send: a short body as one piece of its own. */
  get content(): OutgoingBody | Uint8Array {
    return this.length < SENT_AT_ONCE_BYTES ? Buffer.concat(this.pieces) : this;
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    this.readers += 1;
    for (const piece of this.pieces) yield piece.length < SENT_AT_ONCE_BYTES ? Buffer.from(piece) : piece;
    this.readers -= 1;
  }
}
