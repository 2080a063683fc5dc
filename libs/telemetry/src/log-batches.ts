import type { DestinationStream } from 'pino';

/** So many characters are handed over at once, or what there is after this time. */
const HANDED_OVER_AT = 65_536;
const HANDED_OVER_AFTER_MS = 100;

/** What writes for good, such as pino's own destination: behind the requests, or at once when the process ends. */
interface Destination extends DestinationStream {
  flushSync(): void;
}

/** Gathers lines, because handing one over costs more than making it. What is gathered when the process exits is written. */
export class LogBatches implements DestinationStream {
  private lines: string[] = [];
  private length = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly destination: Destination) {
    process.once('exit', () => {
      this.handOver();
      destination.flushSync();
    });
  }

  write(line: string): void {
    this.lines.push(line);
    this.length += line.length;
    if (this.length >= HANDED_OVER_AT) this.handOver();
    else this.timer ??= setTimeout(() => this.handOver(), HANDED_OVER_AFTER_MS).unref();
  }

  private handOver(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length > 0) this.destination.write(this.lines.join(''));
    this.lines = [];
    this.length = 0;
  }
}
