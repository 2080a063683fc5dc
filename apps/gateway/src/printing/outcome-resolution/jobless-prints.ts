import { Injectable } from '@nestjs/common';
import type { Identity, PrinterId } from '#libs/contract';
import type { PrintJob } from '#libs/idaas';
import { JOBLESS_PRINTS, type InFlightSubmission } from '#libs/idempotency';
import { Store, StoreClock, type Write } from '#libs/store';
import { ResolutionConfig } from './resolution.config.js';
import type { ClocksApart } from './upstream-jobs.js';

const MAX_LISTED = 2_000;
/** When it is looked for their jobs again, in multiples of the time that a job has to show up, from the print's end. */
const LOOKS_AFTER = [2, 10, 30];
const SHORTEST_MS = 1_000;

/** A print that ended without a job: settled as not printed, or left to a person. */
export interface JoblessPrint {
  readonly id: string;
  readonly token: string;
  readonly printerId: string;
  readonly submitter: Identity;
  readonly dispatchedAtMs: number;
  readonly endsAtMs: number;
}

/**
 * Prints that ended without a job, over all gateways, by when it is looked for their jobs next. A job that shows up all the same must not be
 * taken for that of another print; one of a print that was settled as not printed is told of (`LateJobs`).
 */
@Injectable()
export class JoblessPrints {
  constructor(
    private readonly store: Store,
    private readonly clock: StoreClock,
    private readonly config: ResolutionConfig,
  ) {}

  /** Of a print that ends without a job, as long as its job may still show up. */
  listing(submission: InFlightSubmission): Write[] {
    const lookAtMs = this.nextLookMs(submission, this.clock.nowMs ?? submission.endsAtMs);
    return lookAtMs === undefined ? [] : [this.place(nameOf(submission), lookAtMs)];
  }

  /** Of one whose job is known after all. */
  unlisting(submission: InFlightSubmission): Write {
    return { unlist: JOBLESS_PRINTS, member: nameOf(submission) };
  }

  /** Throws `StoreUnavailable`, like all that follows. */
  async at(printerId: PrinterId): Promise<JoblessPrint[]> {
    return (await this.read(Infinity)).filter((print) => print.printerId === printerId);
  }

  /** Those whose jobs are to be looked for now. */
  due(nowMs: number): Promise<JoblessPrint[]> {
    return this.read(nowMs);
  }

  /** It was looked for their jobs: until the next time, or for the last. */
  async looked(prints: readonly JoblessPrint[], nowMs: number): Promise<void> {
    const writes = prints.map((print): Write => {
      const member = JSON.stringify(print);
      const nextMs = this.nextLookMs(print, nowMs);
      return nextMs === undefined ? { unlist: JOBLESS_PRINTS, member } : this.place(member, nextMs);
    });
    await this.store.commit({ conditions: [], writes });
  }

  /** Whether the last look has failed for too long: its job may be further down in the list than anybody should look. */
  isOver({ endsAtMs }: JoblessPrint, nowMs: number): boolean {
    return nowMs >= endsAtMs + this.rememberedMs;
  }

  /** How long such a print is remembered after its end, at most. */
  get rememberedMs(): number {
    return 2 * Math.max(...this.looksAfterMs);
  }

  private async read(untilMs: number): Promise<JoblessPrint[]> {
    const entries = await this.store.readIndex(JOBLESS_PRINTS, untilMs, MAX_LISTED);
    return entries.map(({ member }) => JSON.parse(member) as JoblessPrint);
  }

  private place(member: string, lookAtMs: number): Write {
    const ttlMs = this.rememberedMs;
    return { list: JOBLESS_PRINTS, member, score: lookAtMs, ttlMs, minScore: lookAtMs - ttlMs };
  }

  private nextLookMs({ endsAtMs }: Pick<JoblessPrint, 'endsAtMs'>, nowMs: number): number | undefined {
    return this.looksAfterMs.map((afterMs) => endsAtMs + afterMs).find((atMs) => atMs > nowMs);
  }

  /** As long as the clocks may differ, its times cannot be told from those of the next print. */
  private get looksAfterMs(): number[] {
    return [...LOOKS_AFTER.map((times) => times * this.spanMs), 2 * this.config.skewMs].sort((a, b) => a - b);
  }

  private get spanMs(): number {
    return Math.max(SHORTEST_MS, this.config.settleMs);
  }
}

/** Whether a job can have come of a print, by the times of both: those of jobs may be whole seconds, cut off. */
export function mayHaveComeOf(
  { dispatchedAtMs, endsAtMs }: Pick<JoblessPrint, 'dispatchedAtMs' | 'endsAtMs'>,
  { createdAtMs }: Pick<PrintJob, 'createdAtMs'>,
  apart: ClocksApart,
): boolean {
  return createdAtMs >= dispatchedAtMs + apart.leastMs && createdAtMs <= endsAtMs + apart.mostMs;
}

function nameOf({ id, token, target, submitter, dispatchedAtMs, endsAtMs }: InFlightSubmission): string {
  const print: JoblessPrint = { id, token, printerId: target, submitter, dispatchedAtMs, endsAtMs };
  return JSON.stringify(print);
}
