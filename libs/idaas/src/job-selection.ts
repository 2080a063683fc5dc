import { UpstreamInvalidResponse } from './idaas.problems.js';
import { printerOf, readPrintJob, type JobIdMember, type PrintJob } from './print-job.js';
import type { PrintJobSearch } from './print-job-search.js';

const MAX_JOBS = 100_000;

/** Keeps of the jobs that the upstream lists those that a search asks for. */
export class JobSelection {
  /** Older jobs are not asked for. */
  readonly fromMs: number;
  private readonly jobs = new Map<string, PrintJob>();

  constructor(private readonly search: PrintJobSearch) {
    this.fromMs = Math.floor(search.sinceMs / 1000) * 1000;
  }

  /** Throws `UpstreamInvalidResponse` for a job without id or time, unless it is another printer's. */
  add(value: unknown, idMember: JobIdMember): void {
    const { printerId } = this.search;
    if (printerId !== undefined && printerOf(value) !== printerId) return;
    const job = readPrintJob(value, idMember);
    if (job.createdAtMs < this.fromMs) return;
    if (this.jobs.size === MAX_JOBS) throw new UpstreamInvalidResponse('lists more jobs than can be kept');
    this.jobs.set(job.id, job);
  }

  newestFirst(): PrintJob[] {
    return [...this.jobs.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
  }
}
