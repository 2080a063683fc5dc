import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.js';
import { PrintJob, type PrintRequest } from './print-job.machine.js';
import { PrinterQueue } from './printer-queue.js';
import type { MessageCode } from './printer-messages.js';
import { printersOf, type PrinterRecord } from './printers.js';
import type { Settings } from './settings.js';

/** Every job, and so every card that left a printer: the truth that tests hold the gateway against. */
export class PrintShop {
  /** Whether jobs wait until they are resumed. */
  holdsPrints: boolean;
  private listedCount: number | undefined;
  private readonly jobs = new Map<string, PrintJob>();
  private readonly counts = new Map<string, bigint>();
  private readonly queues: ReadonlyMap<string, PrinterQueue>;

  constructor(
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.holdsPrints = settings.holdsPrints;
    this.queues = new Map(
      printersOf(settings.printers).map((printer) => [printer.record.id, new PrinterQueue(printer)]),
    );
  }

  /** For a printer that exists. */
  submit(printerId: string, request: PrintRequest): PrintJob {
    const queue = this.queueOf(printerId);
    const { holdsPrints } = this;
    const job = new PrintJob(
      randomUUID(),
      queue.printer,
      request,
      this.clock.now(),
      this.settings,
      holdsPrints,
    );
    this.jobs.set(job.id, job);
    if (!job.isHeld) queue.add(job);
    return job;
  }

  /** Lets a job that waits for it go to its printer. */
  resume(job: PrintJob): void {
    job.resume(this.clock.now());
    this.queueOf(job.printer.record.id).add(job);
  }

  job(id: string): PrintJob | undefined {
    const job = this.jobs.get(id);
    if (job) this.queueOf(job.printer.record.id).settle(this.clock.now());
    return job;
  }

  allJobs(): PrintJob[] {
    this.settle();
    return [...this.jobs.values()];
  }

  /** Those that the lists show. */
  listedJobs(): PrintJob[] {
    return this.allJobs().slice(0, this.listedCount);
  }

  /** Whether the lists show no job that is created from now on, until this is no more so. */
  hideNewJobs(areHidden: boolean): void {
    this.listedCount = areHidden ? this.jobs.size : undefined;
  }

  /** Makes the jobs of a printer fail with this message (`PrinterQueue.say`). */
  letSay(printerId: string, message: MessageCode | undefined): void {
    this.queueOf(printerId).say(message);
  }

  /** As they are now: printers are busy, and use up what they print with. */
  printers(): PrinterRecord[] {
    this.settle();
    return [...this.queues.values()].map(({ record }) => record);
  }

  printer(id: string): PrinterRecord | undefined {
    return this.printers().find((record) => record.id === id);
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
    for (const queue of this.queues.values()) queue.clear();
    this.holdsPrints = this.settings.holdsPrints;
  }

  private settle(): void {
    const now = this.clock.now();
    for (const queue of this.queues.values()) queue.settle(now);
  }

  private queueOf(printerId: string): PrinterQueue {
    const queue = this.queues.get(printerId);
    if (!queue) throw new Error(`there is no printer ${printerId}`);
    return queue;
  }
}
