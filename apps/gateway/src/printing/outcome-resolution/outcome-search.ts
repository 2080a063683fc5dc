import { Injectable } from '@nestjs/common';
import { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient, isCallRefused, type PrintJob } from '#libs/idaas';
import type { InFlightSubmission } from '#libs/idempotency';
import { ResourceNotFound } from '#libs/problem';
import { UpstreamAccess } from '../../upstream/upstream.access.js';
import { JoblessPrints, mayHaveComeOf } from './jobless-prints.js';
import { ResolutionConfig } from './resolution.config.js';
import { ListRefused, UpstreamJobs, type ClocksApart } from './upstream-jobs.js';

const MORE_THAN_SENT =
  'the printer has more jobs than the gateway sent: another program may use these credentials';
const BY_ANOTHER =
  'the printer has a job of unknown origin, created by another application than the gateway’s';
const IDS_OF_ITS_OWN = 'the list of jobs uses other ids than those that print returns';
const OF_ANOTHER_PRINT =
  'the job may as well be that of another print at about the same time, which was settled as not printed or waits for a person';
const NO_STATUS = 'the application of the gateway may not read the status of a job';

/** What the upstream shows to have come of a submission. */
export type Shown =
  | { readonly job: PrintStatusId }
  /** Not by now; `isFinal` when it had the time to show. */
  | { readonly job: undefined; readonly isFinal: boolean }
  /** Why it cannot tell; and which jobs may be its. */
  | { readonly obstacle: string; readonly fitting: readonly PrintJob[] };

/**
 * Finds out from the upstream's list of jobs what came of a submission. At most one submission is open at a printer, so a job of ours that
 * was created there since its dispatch, and is nobody's, is its; when there is none once the upstream had the time to show it, nothing
 * was printed. Times of jobs are the upstream's, those of submissions the Store's: its `Date` tells how they differ.
 */
@Injectable()
export class OutcomeSearch {
  constructor(
    private readonly jobs: UpstreamJobs,
    private readonly jobless: JoblessPrints,
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly config: ResolutionConfig,
  ) {}

  /** Throws what the call of the upstream throws, and `StoreUnavailable`: then it can be asked again. */
  async look(submission: InFlightSubmission): Promise<Shown> {
    const printerId = PrinterId.parse(submission.target);
    if (!printerId) return { obstacle: 'it was no print', fitting: [] };
    try {
      return await this.lookThroughList(submission, printerId);
    } catch (error) {
      if (error instanceof ListRefused) return { obstacle: error.message, fitting: [] };
      throw error;
    }
  }

  /** Whether its time is over, by the time of the Store: until when a job of its may still show up. */
  private isOver({ endsAtMs }: InFlightSubmission, nowMs: number): boolean {
    return nowMs >= endsAtMs + this.config.settleMs;
  }

  private async lookThroughList(submission: InFlightSubmission, printerId: PrinterId): Promise<Shown> {
    const { dispatchedAtMs } = submission;
    const { jobs, apart, askedAtMs } = await this.jobs.listSince(dispatchedAtMs, printerId);
    const looked = await Promise.all(jobs.map(async (job) => ({ job, known: await this.jobs.find(job) })));
    const ours = looked.find(({ known }) => known?.submissionId === submission.id);
    if (ours?.known) return { job: ours.known.id };
    const sinceMs = dispatchedAtMs + apart.leastMs;
    const nobodys = looked
      .filter(({ job, known }) => !known && job.createdAtMs >= sinceMs)
      .map(({ job }) => job);
    const fitting = nobodys.filter((job) => this.jobs.mayBeOurs(job));
    const [only, ...more] = fitting;
    if (more.length > 0) return { obstacle: MORE_THAN_SENT, fitting };
    if (only && (await this.mayBeOfAnother(only, submission, printerId, apart)))
      return { obstacle: OF_ANOTHER_PRINT, fitting };
    if (only) return this.confirm(only);
    // The credentials may have changed: what other applications print cannot be told from what the gateway does.
    const others = nobodys.filter(({ creatorType }) => creatorType === 'API');
    if (others.length > 0) return { obstacle: BY_ANOTHER, fitting: others };
    if (!this.isOver(submission, askedAtMs)) return { job: undefined, isFinal: false };
    return (await this.jobs.wouldShow(askedAtMs - this.config.settleMs))
      ? { job: undefined, isFinal: true }
      : { obstacle: 'the list of jobs names no job by the id that print returned', fitting: [] };
  }

  /** One that showed up too late, after its own print was settled. */
  private async mayBeOfAnother(
    job: PrintJob,
    { token }: InFlightSubmission,
    printerId: PrinterId,
    apart: ClocksApart,
  ): Promise<boolean> {
    const others = (await this.jobless.at(printerId)).filter((print) => print.token !== token);
    return others.some((print) => mayHaveComeOf(print, job, apart));
  }

  /** The list may have ids of its own: only one that print could have returned counts. */
  private async confirm(job: PrintJob): Promise<Shown> {
    const fitting = [job];
    const id = PrintStatusId.parse(job.id);
    if (!id) return { obstacle: IDS_OF_ITS_OWN, fitting };
    try {
      await this.upstream.run(undefined, () => this.idaas.getPrintStatus(id));
      return { job: id };
    } catch (error) {
      if (error instanceof ResourceNotFound) return { obstacle: IDS_OF_ITS_OWN, fitting };
      if (isCallRefused(error)) return { obstacle: NO_STATUS, fitting };
      throw error;
    }
  }
}
