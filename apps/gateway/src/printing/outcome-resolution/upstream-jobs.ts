import { Injectable } from '@nestjs/common';
import { PrintStatusId, type PrinterId } from '#libs/contract';
import { IdaasClient, isCallRefused, type PrintJob, type PrintJobListing } from '#libs/idaas';
import { JobRegistry } from '#libs/jobs';
import { ResourceNotFound } from '#libs/problem';
import { Store } from '#libs/store';
import { UpstreamAccess } from '../../upstream/upstream.access.js';
import { OurCreators } from './our-creators.js';
import { ResolutionConfig } from './resolution.config.js';

/** Times of jobs may be whole seconds, cut off; `Date` is, which makes the upstream's clock seem behind by as much. */
const PRECISION_MS = 1_100;
const DATE_STEP_MS = 1_000;
/** Of so many jobs of ours one at least must be in the list. */
const KNOWN_LOOKED_FOR = 5;
const ATTEMPTS = 3;

/** How far the upstream's clock is ahead of the Store's. */
export interface ClocksApart {
  readonly leastMs: number;
  readonly mostMs: number;
}

export interface JobsSince {
  /** All of that time and later, and some of before; newest first. */
  readonly jobs: readonly PrintJob[];
  readonly apart: ClocksApart;
  /** When they were asked for, by the time of the Store: what has had its time in the list by then is in it. */
  readonly askedAtMs: number;
}

/** The application of the gateway may not list jobs: asking again changes nothing. */
export class ListRefused extends Error {
  constructor(cause: unknown) {
    super('the application of the gateway may not list jobs', { cause });
  }
}

/** The upstream's list of jobs, by times of the Store, and whose they are. Every method may throw what calls of the upstream do. */
@Injectable()
export class UpstreamJobs {
  private readonly creators = new OurCreators();
  private lastApart: ClocksApart;

  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly jobs: JobRegistry,
    private readonly store: Store,
    private readonly config: ResolutionConfig,
  ) {
    this.lastApart = this.anyApart;
  }

  /** As the last list told. */
  get apart(): ClocksApart {
    return this.lastApart;
  }

  /** Jobs since a time of the Store or some earlier one, as early as that may have been by the upstream's clock. Throws `ListRefused`, too. */
  async listSince(storeMs: number, printerId?: PrinterId): Promise<JobsSince> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const sinceMs = storeMs + this.lastApart.leastMs - (attempt + 1) * this.config.skewMs;
      const { askedAtMs, ...listing } = await this.list({ printerId, sinceMs });
      const apart = await this.compareClocks(askedAtMs, listing);
      // Asked again where the upstream's clock turns out to be further behind than was thought.
      if (sinceMs <= storeMs + apart.leastMs) return { jobs: listing.jobs, apart, askedAtMs };
    }
    throw new Error('the clock of the upstream cannot be told');
  }

  /** The same; undefined where the application of the gateway may not list jobs. */
  async listSinceIfPermitted(storeMs: number): Promise<JobsSince | undefined> {
    return this.listSince(storeMs).catch((error: unknown) => {
      if (error instanceof ListRefused) return undefined;
      throw error;
    });
  }

  /** What is known of a listed job; undefined when it is nobody's. */
  async find(job: PrintJob) {
    const id = PrintStatusId.parse(job.id);
    const known = id && (await this.jobs.find(id));
    if (known) this.creators.saw(job);
    return known;
  }

  /** Whether it can have been made with the gateway's credentials, as far as that is known by now. */
  mayBeOurs(job: PrintJob): boolean {
    return this.creators.mayBeOurs(job);
  }

  /** The same, where it is looked first for who creates ours, if that is not known yet. */
  async isOurs(job: PrintJob): Promise<boolean> {
    if (!this.creators.areKnown) await this.wouldShow(await this.store.time());
    return this.creators.mayBeOurs(job);
  }

  /**
   * Whether the list would show a job of ours: it must name one of the last that were known at that time by the id that print returned. Of an
   * installation that has printed nothing yet there is nothing that speaks against it.
   */
  async wouldShow(untilMs: number): Promise<boolean> {
    const known = await this.jobs.newest(untilMs, KNOWN_LOOKED_FOR);
    if (known.length === 0) return true;
    const oldestMs = Math.min(...known.map(({ createdAtMs }) => createdAtMs));
    const { jobs } = await this.listSince(oldestMs);
    const ids = new Set<string>(known.map(({ id }) => id));
    const listed = jobs.filter(({ id }) => ids.has(id));
    for (const job of listed) this.creators.saw(job);
    return listed.length > 0;
  }

  private async list(search: { readonly printerId: PrinterId | undefined; readonly sinceMs: number }) {
    try {
      return await this.upstream.run(undefined, async () => {
        const askedAtMs = await this.store.time();
        return { ...(await this.idaas.listPrintJobs(search)), askedAtMs };
      });
    } catch (error) {
      throw isCallRefused(error) || error instanceof ResourceNotFound ? new ListRefused(error) : error;
    }
  }

  /**
   * `Date` was made after the list was asked for, and before its answer began: a long one may take many times what the clocks are apart.
   * Without one, `RESOLUTION_SKEW_MS` holds.
   */
  private async compareClocks(askedAtMs: number, listing: PrintJobListing): Promise<ClocksApart> {
    const { upstreamTimeMs, tookMs } = listing;
    if (upstreamTimeMs === undefined) return (this.lastApart = this.anyApart);
    const beganAtMs = (await this.store.time()) - tookMs;
    const leastMs = upstreamTimeMs - beganAtMs - PRECISION_MS;
    return (this.lastApart = { leastMs, mostMs: upstreamTimeMs + DATE_STEP_MS - askedAtMs });
  }

  private get anyApart(): ClocksApart {
    return { leastMs: -this.config.skewMs, mostMs: this.config.skewMs };
  }
}
