import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.js';
import { PrintJob, type PrintRequest } from './print-job.machine.js';
import { PRINTERS } from './printers.js';
import type { Settings } from './settings.js';

/** Every job, and so every card that left a printer: the truth that tests hold the gateway against. */
export class PrintShop {
  private readonly jobs = new Map<string, PrintJob>();
  private readonly counts = new Map<string, bigint>();

  constructor(
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  submit(printerId: string, request: PrintRequest): PrintJob | undefined {
    const printer = PRINTERS.find(({ record }) => record.id === printerId);
    if (!printer) return undefined;
    const job = new PrintJob(randomUUID(), printer, request, this.clock.now(), this.settings);
    this.jobs.set(job.id, job);
    return job;
  }

  job(id: string): PrintJob | undefined {
    const job = this.jobs.get(id);
    job?.settle(this.clock.now());
    return job;
  }

  allJobs(): PrintJob[] {
    const now = this.clock.now();
    return [...this.jobs.values()].map((job) => (job.settle(now), job));
  }

  /** One entry per card, in the order in which they left. */
  ledger() {
    const cards = this.allJobs().flatMap((job) =>
      job.cardsAtMs.map((atMs, index) => ({
        jobId: job.id,
        printerId: job.printer.record.id,
        segmentId: job.request.billing?.segmentId,
        copy: index + 1,
        at: new Date(atMs).toISOString(),
      })),
    );
    return cards.sort((a, b) => a.at.localeCompare(b.at));
  }

  /** Cards per printer, and whatever a test has set; int64 in the vendor's document. */
  printCounts(): [string, bigint][] {
    const total = BigInt(this.ledger().length);
    return [['Total', total], ...this.counts];
  }

  setCount(name: string, count: bigint): void {
    this.counts.set(name, count);
  }

  clear(): void {
    this.jobs.clear();
    this.counts.clear();
  }
}
