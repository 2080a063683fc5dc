import { Injectable } from '@nestjs/common';
import { PrinterId, PrintStatusId } from '#libs/contract';
import { CredentialsRefused, IdaasClient, type PrintJob } from '#libs/idaas';
import type { OpenSubmission } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { ResourceNotFound } from '#libs/problem';
import { Store } from '#libs/store';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { OurCreators } from './our-creators.js';
import { ResolutionConfig } from './resolution.config.js';

/** Times of jobs may be whole seconds, cut off; `Date` is, which makes the upstream's clock seem behind by as much. */
const PRECISION_MS = 1_100;
/** Of so many jobs of ours one at least must be in the list. */
const KNOWN_LOOKED_FOR = 5;
const ATTEMPTS = 3;

const MORE_THAN_SENT =
  'the printer has more jobs than the gateway sent: another program may use these credentials';
const BY_ANOTHER =
  'the printer has a job of unknown origin, created by another application than the gateway’s';
const IDS_OF_ITS_OWN = 'the list of jobs uses other ids than those that print returns';

/** What the upstream shows to have come of a submission. */
export type Shown =
  | { readonly job: PrintStatusId }
  /** Not by now; `isFinal` when it had the time to show. */
  | { readonly job: undefined; readonly isFinal: boolean }
  /** Why it cannot tell; and whether there is a job that may be its. */
  | { readonly obstacle: string; readonly fits: boolean };

/**
 * Finds out from the upstream's list of jobs what came of a submission. At most one submission is open at a printer, so a job of ours that
 * was created there since its dispatch, and is nobody's, is its; when there is none once the upstream had the time to show it, nothing
 * was printed. Times of jobs are the upstream's, those of submissions the Store's: its `Date` tells how they differ.
 */
@Injectable()
export class OutcomeSearch {
  private readonly creators = new OurCreators();
  /** How far the upstream's clock is ahead of the Store's, at least. */
  private aheadMs: number;

  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly jobs: JobRegistry,
    private readonly store: Store,
    private readonly config: ResolutionConfig,
  ) {
    this.aheadMs = -config.skewMs;
  }

  /** Throws what the call of the upstream throws, and `StoreUnavailable`: then it can be asked again. */
  async look(submission: OpenSubmission): Promise<Shown> {
    try {
      return await this.lookThroughList(submission);
    } catch (error) {
      if (error instanceof CredentialsRefused || error instanceof ResourceNotFound)
        return { obstacle: 'the application of the gateway may not list jobs', fits: false };
      throw error;
    }
  }

  /** Whether its time is over, by the time of the Store: until when a job of its may still show up. */
  private isOver({ endsAtMs }: OpenSubmission, nowMs: number): boolean {
    return nowMs >= endsAtMs + this.config.settleMs;
  }

  private async lookThroughList(submission: OpenSubmission): Promise<Shown> {
    const printerId = PrinterId.parse(submission.target);
    if (!printerId) return { obstacle: 'it was no print', fits: false };
    // Before the list is asked for: what is over then has had its time in the list.
    const askedAtMs = await this.store.time();
    const { dispatchedAtMs } = submission;
    const { jobs, sinceMs } = await this.listSince(dispatchedAtMs, printerId);
    const looked = await Promise.all(jobs.map(async (job) => ({ job, known: await this.find(job) })));
    const ours = looked.find(({ known }) => known?.submissionId === submission.id);
    if (ours?.known) return { job: ours.known.id };
    const nobodys = looked
      .filter(({ job, known }) => !known && job.createdAtMs >= sinceMs)
      .map(({ job }) => job);
    const [only, ...more] = nobodys.filter((job) => this.creators.mayBeOurs(job));
    if (more.length > 0) return { obstacle: MORE_THAN_SENT, fits: true };
    if (only) return this.confirm(only);
    // The credentials may have changed: what other applications print cannot be told from what the gateway does.
    if (nobodys.some(({ creatorType }) => creatorType === 'API')) return { obstacle: BY_ANOTHER, fits: true };
    if (!this.isOver(submission, askedAtMs)) return { job: undefined, isFinal: false };
    return (await this.wouldShow(askedAtMs))
      ? { job: undefined, isFinal: true }
      : { obstacle: 'the list of jobs names no job by the id that print returned', fits: false };
  }

  /** Jobs since a time of the Store; and that time by the upstream's clock, as early as it may have been. */
  private async listSince(storeMs: number, printerId?: PrinterId) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const search = { printerId, sinceMs: storeMs + this.aheadMs - attempt * this.config.skewMs };
      const { jobs, upstreamTimeMs } = await this.upstream.run(undefined, () =>
        this.idaas.listPrintJobs(search),
      );
      await this.compareClocks(upstreamTimeMs);
      const sinceMs = storeMs + this.aheadMs;
      // Asked again where the upstream's clock turns out to be further behind than was thought.
      if (search.sinceMs <= sinceMs) return { jobs, sinceMs };
    }
    throw new Error('the clock of the upstream cannot be told');
  }

  /** The answer came later than its `Date`: the upstream's clock is at least so far ahead. Without one, `RESOLUTION_SKEW_MS` holds. */
  private async compareClocks(upstreamTimeMs: number | undefined): Promise<void> {
    if (upstreamTimeMs === undefined) this.aheadMs = -this.config.skewMs;
    else this.aheadMs = upstreamTimeMs - (await this.store.time()) - PRECISION_MS;
  }

  private async find(job: PrintJob) {
    const id = PrintStatusId.parse(job.id);
    const known = id && (await this.jobs.find(id));
    if (known) this.creators.saw(job);
    return known;
  }

  /** The list may have ids of its own: only one that print could have returned counts. */
  private async confirm(job: PrintJob): Promise<Shown> {
    const id = PrintStatusId.parse(job.id);
    if (!id) return { obstacle: IDS_OF_ITS_OWN, fits: true };
    try {
      await this.upstream.run(undefined, () => this.idaas.getPrintStatus(id));
      return { job: id };
    } catch (error) {
      if (error instanceof ResourceNotFound) return { obstacle: IDS_OF_ITS_OWN, fits: true };
      throw error;
    }
  }

  /**
   * Whether the list would show a job of ours, now: it must name one of the last that are known by the id that print returned. Of an
   * installation that has printed nothing yet there is nothing that speaks against it.
   */
  private async wouldShow(askedAtMs: number): Promise<boolean> {
    const known = await this.jobs.newest(askedAtMs - this.config.settleMs, KNOWN_LOOKED_FOR);
    if (known.length === 0) return true;
    const oldestMs = Math.min(...known.map(({ createdAtMs }) => createdAtMs));
    const { jobs } = await this.listSince(oldestMs);
    const ids = new Set<string>(known.map(({ id }) => id));
    const listed = jobs.filter(({ id }) => ids.has(id));
    for (const job of listed) this.creators.saw(job);
    return listed.length > 0;
  }
}
