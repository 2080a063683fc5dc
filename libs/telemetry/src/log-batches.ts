import type { DestinationStream } from 'pino';
import { LogBatch } from './log-batch.js';
import type { LogOutput } from './log-output.js';

/** What there is is handed over after this time. */
const HANDED_OVER_AFTER_MS = 100;
/** What waits for an output that does not take it has this much memory. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** A reader who is behind is tried again soon; a disk that is full, or a reader who has gone, later. */
const BUSY_RETRY_MS = 10;
const FAILED_RETRY_MS = 1_000;
/** What an output may take for the rest when the process ends. One that is in a write for so long already does not get it. */
const END_MS = 250;
const END_RETRY_MS = 5;

/**
 * Gathers the lines of the log and writes them, and nobody ever waits for it: while the output takes nothing (a full disk, a pipe that
 * nobody reads) the oldest lines give way to new ones, and once it does again a line says how many. What is gathered when the process exits is
 * written, as far as the output takes it.
 */
export class LogBatches implements DestinationStream {
  private batch = LogBatch.empty();
  /** An empty one that was written. */
  private spare: LogBatch | undefined;
  private readonly waiting: LogBatch[] = [];
  private waitingBytes = 0;
  /** The one that is being written, from its first byte to its last: it never gives way, so that no line is torn. */
  private current: LogBatch | undefined;
  private writingSinceMs: number | undefined;
  private retry: NodeJS.Timeout | undefined;
  private isTaken = true;
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly output: LogOutput,
    /** Is told how many lines were dropped. */
    private readonly onDropped: (lines: number) => void,
  ) {
    process.once('exit', () => this.writeRest());
  }

  write(line: string): void {
    if (!this.batch.append(line)) this.appendToNext(line);
    this.timer ??= setTimeout(() => this.flush(), HANDED_OVER_AFTER_MS).unref();
  }

  /** Writes all that was gathered, at once where the output takes it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writeNext();
  }

  private appendToNext(line: string): void {
    this.keep(this.takeBatch());
    if (!this.batch.append(line)) this.keep(LogBatch.of(line));
    this.writeNext();
  }

  private takeBatch(): LogBatch {
    const { batch } = this;
    this.batch = this.spare ?? LogBatch.empty();
    this.spare = undefined;
    return batch;
  }

  private keep(batch: LogBatch): void {
    this.waiting.push(batch);
    this.waitingBytes += batch.size;
    while (this.waitingBytes > MAX_WAITING_BYTES) this.drop(this.takeWaiting());
  }

  private drop(batch: LogBatch | undefined): void {
    const lines = batch?.lines ?? 0;
    this.dropped += lines;
    this.onDropped(lines);
  }

  private takeWaiting(): LogBatch | undefined {
    const batch = this.waiting.shift();
    if (batch) this.waitingBytes -= batch.size;
    return batch;
  }

  private writeNext(): void {
    if (this.writingSinceMs !== undefined || this.retry) return;
    const batch = (this.current ??= this.next());
    if (!batch) return;
    this.writingSinceMs = performance.now();
    this.output.write(batch.rest, (bytes, error) => this.wrote(batch, bytes, error));
  }

  private wrote(batch: LogBatch, bytes: number, error: NodeJS.ErrnoException | undefined): void {
    this.writingSinceMs = undefined;
    this.isTaken = error === undefined;
    batch.wrote(bytes);
    if (batch.rest.length === 0) this.end(batch);
    if (error) this.later(error);
    else this.writeNext();
  }

  private end(batch: LogBatch): void {
    this.current = undefined;
    if (batch.clear()) this.spare = batch;
  }

  private later({ code }: NodeJS.ErrnoException): void {
    const again = () => {
      this.retry = undefined;
      this.writeNext();
    };
    this.retry = setTimeout(again, code === 'EAGAIN' ? BUSY_RETRY_MS : FAILED_RETRY_MS).unref();
  }

  /** What stands in the place of lines that are gone comes before those that came after them. */
  private next(): LogBatch | undefined {
    if (this.dropped > 0 && this.isTaken) return this.gap();
    return this.takeWaiting() ?? (this.batch.lines > 0 ? this.takeBatch() : undefined);
  }

  private gap(): LogBatch {
    const { dropped } = this;
    this.dropped = 0;
    const msg = `${dropped} lines were dropped: the output of the log did not take them in time`;
    return LogBatch.of(`${JSON.stringify({ level: 40, time: Date.now(), context: 'Log', dropped, msg })}\n`);
  }

  /** What another thread is writing is written there to its end; where that takes long already, the output takes nothing. */
  private writeRest(): void {
    const startedAtMs = performance.now();
    const isWriting = this.writingSinceMs !== undefined;
    if (startedAtMs - (this.writingSinceMs ?? startedAtMs) > END_MS) return;
    let batch = isWriting ? this.next() : (this.current ?? this.next());
    while (batch && this.hasWritten(batch, startedAtMs + END_MS)) batch = this.next();
  }

  private hasWritten(batch: LogBatch, untilMs: number): boolean {
    while (batch.rest.length > 0) {
      try {
        batch.wrote(this.output.writeNow(batch.rest));
      } catch (error) {
        const isBusy = (error as NodeJS.ErrnoException).code === 'EAGAIN';
        if (!isBusy || performance.now() > untilMs) return false;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, END_RETRY_MS);
      }
    }
    return true;
  }
}
