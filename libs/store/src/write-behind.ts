import { Logger } from '@nestjs/common';

const MAX_WAITING = 10_000;
const RETRY_MS = 500;

/**
 * Writes what must not be lost when the shared state is away: now if it can, otherwise, oldest first, as soon as it is
 * back. Bounded: of more than ten thousand the oldest is given up, and said.
 */
export class WriteBehind<T> {
  private readonly log = new Logger('WriteBehind');
  private readonly waiting: T[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** What is written, in the plural, for the log. */
    private readonly name: string,
    private readonly writeNow: (value: T) => Promise<void>,
  ) {}

  get count(): number {
    return this.waiting.length;
  }

  /** Never rejects. */
  async write(value: T): Promise<void> {
    try {
      await this.writeNow(value);
    } catch (error) {
      if (this.count === 0)
        this.log.warn({ err: error }, `${this.name} cannot be written; it is tried again`);
      this.keep(value);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.count > 0) this.log.error({ unwritten: this.count }, `stopped with unwritten ${this.name}`);
  }

  private keep(value: T): void {
    if (this.count >= MAX_WAITING) {
      this.waiting.shift();
      this.log.error(`too many unwritten ${this.name}: the oldest is given up`);
    }
    this.waiting.push(value);
    this.timer ??= this.later();
  }

  private later(): NodeJS.Timeout {
    return setTimeout(() => void this.writeWaiting(), RETRY_MS).unref();
  }

  private async writeWaiting(): Promise<void> {
    try {
      while (this.count > 0) {
        await this.writeNow(this.waiting[0] as T);
        this.waiting.shift();
      }
      this.timer = undefined;
      this.log.log(`all ${this.name} are written`);
    } catch {
      this.timer = this.later();
    }
  }
}
