import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** One end of a connection within this process: what is written to it is read at the other, and waits there until it is. */
export class ConnectionEnd extends Duplex {
  private other!: ConnectionEnd;
  /** Of a write at the other end that is not read yet. */
  private written: Done | undefined;

  /** Both ends. */
  static pair(): [ConnectionEnd, ConnectionEnd] {
    const [one, other] = [new ConnectionEnd(), new ConnectionEnd()];
    one.other = other;
    other.other = one;
    return [one, other];
  }

  override _read(): void {
    const { written } = this;
    this.written = undefined;
    written?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    // As a kernel would: what was read before is still there.
    if (this.other.destroyed) return done();
    if (this.other.push(chunk)) return process.nextTick(done);
    this.other.written = done;
  }

  override _final(done: Done): void {
    this.other.push(null);
    done();
  }

  /** The other end still reads what was written before this one was ended; without an end the connection breaks. */
  override _destroy(error: Error | null, done: Done): void {
    const { written } = this;
    this.written = undefined;
    written?.();
    if (!this.writableFinished) process.nextTick(() => this.other.destroy(brokenOff()));
    done(error);
  }
}

function brokenOff(): Error {
  return Object.assign(new Error('the other end broke off'), { code: 'ECONNRESET' });
}
