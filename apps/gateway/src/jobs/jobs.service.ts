import { Injectable } from '@nestjs/common';
import { digestOf, identityParts } from '#libs/contract';
import { JobRegistry, type JobRecord, type Page, type Place } from '#libs/jobs';
import { jobsCoveredFor, JobsNotGranted, type Caller } from '#libs/policy';
import type { Problem } from '#libs/problem';
import { Cursors } from './cursors.js';
import { jobView } from './job-view.js';
import type { Job, JobsPage } from './job.dto.js';
import type { JobsQuery } from './jobs-query.dto.js';
import { LastStatuses } from './last-statuses.js';

/** So many jobs are looked at for one page, however few of them pass its filters. */
const MAX_LOOKED_AT = 200;

/** The jobs that a caller sees, newest first. */
@Injectable()
export class JobsService {
  constructor(
    private readonly registry: JobRegistry,
    private readonly statuses: LastStatuses,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Throws `JobsNotGranted`, `InvalidRequest` for a foreign cursor, `StoreUnavailable`, and `RateExceeded` when a filter by status
   * cannot be held against even one job.
   */
  async list(query: JobsQuery, caller: Caller): Promise<JobsPage> {
    if (!caller.grant.reachesJobs('ISSUANCE:VIEW', query.scope)) throw new JobsNotGranted(query.scope);
    const list = nameOf(query, caller);
    const after = query.cursor === undefined ? undefined : await this.cursors.read(query.cursor, list);
    const { jobs, last } = await this.collect(query, caller, after);
    return { jobs, next: last ? await this.cursors.write(last, list) : null };
  }

  /** Looks through the jobs until the page is full, nothing is left, or it has looked at enough. */
  private async collect(query: JobsQuery, caller: Caller, from: Place | undefined) {
    const { scope, limit } = query;
    const isCovered = jobsCoveredFor(caller, 'ISSUANCE:VIEW', { atLeast: scope });
    const jobs: Job[] = [];
    let after = from;
    let seen = from;
    for (let looked = 0; looked < MAX_LOOKED_AT; looked += limit) {
      const page = await this.registry.list({ scope, limit, caller: caller.principal, isCovered, after });
      for (const job of await this.look(page.jobs, query, caller)) {
        if (job.createdAtMs < sinceOf(query)) return { jobs, last: undefined };
        // A job that might fit is not left out: the page ends before it.
        if (job.refusal) return { jobs, last: endBefore(job.refusal, seen, from) };
        if (job.view) jobs.push(job.view);
        if (jobs.length === limit) return { jobs, last: isLast(job, page) ? undefined : job };
        seen = job;
      }
      after = page.last;
      if (!after) break;
    }
    return { jobs, last: after };
  }

  /** Each job, with its view where it passes the filters, or why that cannot be known now. */
  private async look(records: readonly JobRecord[], { printerId, status }: JobsQuery, caller: Caller) {
    const here = records.filter((job) => printerId === undefined || job.printerId === printerId);
    const { statuses, refusals } = await this.statuses.of(
      here.map(({ id }) => id),
      caller,
    );
    return records.map((job) => {
      const last = statuses.get(job.id);
      const fits = here.includes(job) && (status === undefined || last?.status === status);
      const refusal = status === undefined || last ? undefined : refusals.get(job.id);
      return { ...placeOf(job), view: fits ? jobView(job, last) : undefined, refusal };
    });
  }
}

/** Whose list it is and how it is filtered: a cursor of one is no place in another. */
function nameOf({ scope, status, printerId, since }: JobsQuery, { principal }: Caller): string {
  return digestOf(...identityParts(principal), scope, status, printerId, since);
}

/** Where a page ends before a job that cannot be held against the filter now. Throws why, when it would end where it began. */
function endBefore(refusal: Problem, seen: Place | undefined, from: Place | undefined): Place | undefined {
  if (seen === from) throw refusal;
  return seen;
}

function placeOf({ id, createdAtMs }: JobRecord): Place {
  return { id, createdAtMs };
}

function sinceOf({ since }: JobsQuery): number {
  return since === undefined ? -Infinity : Date.parse(since);
}

function isLast(job: Place, page: Page): boolean {
  return page.last === undefined && page.jobs.at(-1)?.id === job.id;
}
