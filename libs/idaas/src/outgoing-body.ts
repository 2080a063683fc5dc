/** So much is handed to the connection at once; a shorter body is sent as it is. */
const STEP_BYTES = 65_536;

/**
 * A body on its way, copied bit by bit while it is sent: once the request has ended, however it did, nothing reads from the pieces
 * any more, and their memory may serve others. Young copies are cheap; to hold on to the pieces would not be.
 */
export class OutgoingBody implements Iterable<Uint8Array> {
  private hasEnded = false;

  private constructor(private readonly pieces: readonly Uint8Array[]) {}

  /** What to send of these pieces: a short body as one. */
  static of(pieces: readonly Uint8Array[]): OutgoingBody | Uint8Array {
    const body = new OutgoingBody(pieces);
    return body.length > STEP_BYTES ? body : Buffer.concat(pieces);
  }

  get length(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** Nothing is read from now on; who is still sending finds the body too short. */
  end(): void {
    this.hasEnded = true;
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (const piece of this.pieces)
      for (let at = 0; at < piece.length && !this.hasEnded; at += STEP_BYTES)
        yield Buffer.from(piece.subarray(at, at + STEP_BYTES));
  }
}
