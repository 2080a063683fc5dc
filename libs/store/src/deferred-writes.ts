import { Logger } from '@nestjs/common';
import { StoreUnavailable } from './store.problems.js';

const MAX_WAITING = 10_000;
const RETRY_MS = 500;

interface Write {
  /** What is written, for the log. */
  readonly what: string;
  run(): Promise<void>;
}

/**
 * Writes what must not be lost while the shared state is away: now if it can, otherwise as soon as it is back, each in
 * its turn. What was given first is written first. Bounded: of more than ten thousand the oldest is given up, and said.
 */
export class DeferredWrites {
  private readonly log = new Logger('DeferredWrites');
  private readonly waiting: Write[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  get count(): number {
    return this.waiting.length;
  }

  /** Never rejects. */
  async write(what: string, run: () => Promise<void>): Promise<void> {
    if (this.count > 0) return this.keep({ what, run });
    try {
      await run();
    } catch (error) {
      this.log.warn({ err: error }, `${what} cannot be written now; it is tried again`);
      this.keep({ what, run });
    }
  }

  /** Tries once more, and says what is lost. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writeWaiting();
    clearTimeout(this.timer);
    if (this.count > 0)
      this.log.error({ unwritten: this.waiting.map(({ what }) => what) }, 'stopped too early');
  }

  private keep(write: Write): void {
    if (this.count >= MAX_WAITING)
      this.log.error(
        `The queue of deferred writes is full; the oldest was dropped: ${this.waiting.shift()?.what}`,
      );
    this.waiting.push(write);
    this.later();
  }

  private later(): void {
    this.timer ??= setTimeout(() => {
      // Also when it comes to nothing, because a write of before still takes its time: the next one needs a timer.
      this.timer = undefined;
      void this.writeWaiting();
    }, RETRY_MS).unref();
  }

  private writeWaiting(): Promise<void> {
    this.writing ??= this.writeEach().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeEach(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      try {
        await next.run();
      } catch (error) {
        if (error instanceof StoreUnavailable) return this.later();
        this.log.error({ err: error }, `${next.what} cannot be written at all`);
      }
      if (this.waiting[0] === next) this.waiting.shift();
    }
  }
}
