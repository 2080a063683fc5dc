import { Logger } from '@nestjs/common';
import type { JobRecord } from './job-record.js';

const MAX_UNWRITTEN = 10_000;
const RETRY_MS = 500;

/** Jobs that were printed while the shared state was away: written, oldest first, as soon as it is back. */
export class UnwrittenJobs {
  private readonly log = new Logger('Jobs');
  private readonly waiting: JobRecord[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly writeNow: (job: JobRecord) => Promise<void>) {}

  get count(): number {
    return this.waiting.length;
  }

  /** Writes the job now, or remembers it for later. */
  async write(job: JobRecord): Promise<void> {
    try {
      await this.writeNow(job);
    } catch (error) {
      if (this.count === 0)
        this.log.warn({ err: error }, 'the owner of a printed job cannot be written; it is tried again');
      this.keep(job);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.count > 0)
      this.log.error({ jobs: this.count }, 'stopped with jobs whose owners were not written');
  }

  private keep(job: JobRecord): void {
    if (this.count >= MAX_UNWRITTEN) this.waiting.shift();
    this.waiting.push(job);
    this.timer ??= this.later();
  }

  private later(): NodeJS.Timeout {
    return setTimeout(() => void this.writeWaiting(), RETRY_MS).unref();
  }

  private async writeWaiting(): Promise<void> {
    try {
      for (let job = this.waiting[0]; job; job = this.waiting[0]) {
        await this.writeNow(job);
        this.waiting.shift();
      }
      this.timer = undefined;
      this.log.log('the owners of all printed jobs are written');
    } catch {
      this.timer = this.later();
    }
  }
}
