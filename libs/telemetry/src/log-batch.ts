const BATCH_BYTES = 65_536;
/** Of one UTF-16 code unit in UTF-8, at most. */
const BYTES_OF_A_UNIT = 3;

/** Some lines of the log as bytes, one behind the other, because handing one over costs more than making it. */
export class LogBatch {
  private length = 0;
  private written = 0;
  private count = 0;

  private constructor(private readonly bytes: Buffer) {}

  /** An empty one. Not from Node's pool, of which it would keep more than itself. */
  static empty(): LogBatch {
    return new LogBatch(Buffer.allocUnsafeSlow(BATCH_BYTES));
  }

  /** One line, however long it is. */
  static of(line: string): LogBatch {
    const batch = new LogBatch(Buffer.from(line));
    batch.length = batch.bytes.length;
    batch.count = 1;
    return batch;
  }

  /** Whether there was room for the line. */
  append(line: string): boolean {
    if (line.length * BYTES_OF_A_UNIT > this.bytes.length - this.length) return false;
    this.length += this.bytes.write(line, this.length);
    this.count += 1;
    return true;
  }

  /** How many lines it has. */
  get lines(): number {
    return this.count;
  }

  /** What it takes of memory, in bytes, however few lines it has. */
  get size(): number {
    return this.bytes.length;
  }

  /** What is not written yet. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.written, this.length);
  }

  wrote(bytes: number): void {
    this.written += bytes;
  }

  /** Empty again, when all of it is written; false where it has the size of one line. */
  clear(): boolean {
    [this.length, this.written, this.count] = [0, 0, 0];
    return this.size === BATCH_BYTES;
  }
}
