import type { DestinationStream } from 'pino';

/** So many bytes are handed over at once, or what there is after this time. */
const BATCH_BYTES = 65_536;
const HANDED_OVER_AFTER_MS = 100;
/** Of one UTF-16 code unit in UTF-8, at most. */
const BYTES_OF_A_UNIT = 3;

/** What writes for good, such as pino's own destination: behind the requests, or at once when the process ends. */
export interface ByteDestination {
  write(bytes: Uint8Array): void;
  flushSync(): void;
}

/** Gathers lines as bytes, because handing one over costs more than making it. What is gathered when the process exits is written. */
export class LogBatches implements DestinationStream {
  private batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private length = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly destination: ByteDestination) {
    process.once('exit', () => {
      this.handOver();
      destination.flushSync();
    });
  }

  write(line: string): void {
    const mostBytes = line.length * BYTES_OF_A_UNIT;
    if (mostBytes > BATCH_BYTES - this.length) this.handOver();
    if (mostBytes > BATCH_BYTES) return this.destination.write(Buffer.from(line));
    this.length += this.batch.write(line, this.length);
    this.timer ??= setTimeout(() => this.handOver(), HANDED_OVER_AFTER_MS).unref();
  }

  private handOver(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.length === 0) return;
    this.destination.write(this.batch.subarray(0, this.length));
    // Another one: the destination still reads from this.
    this.batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.length = 0;
  }
}
