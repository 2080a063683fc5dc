import { Injectable } from '@nestjs/common';
import { PrintStatusId } from '#libs/contract';
import { createdAtOf, IdaasClient, type PrintJob } from '#libs/idaas';
import type { InFlightSubmission } from '#libs/idempotency';
import type { Caller } from '#libs/policy';
import { InvalidRequest } from '#libs/problem';
import { UpstreamAccess } from '../../upstream/upstream.access.js';
import { ResolutionConfig } from './resolution.config.js';
import { ListRefused, UpstreamJobs } from './upstream-jobs.js';

/**
 * The job that a person names as that of a print must be one of its printer, created since it was sent, with the gateway's credentials.
 * That it is nobody's yet is settled in one step with whose it is.
 */
@Injectable()
export class NamedJob {
  constructor(
    private readonly jobs: UpstreamJobs,
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly config: ResolutionConfig,
  ) {}

  /** Throws `InvalidRequest`, which says what is wrong; `ResourceNotFound` for no job, and what calls of the upstream throw. */
  async require(printStatusId: string | undefined, print: InFlightSubmission, caller: Caller) {
    const id = PrintStatusId.parse(printStatusId);
    if (!id) throw invalidJob('must name the job that was printed');
    await this.upstream.admit(caller);
    const objection = caller.grant.coversJobsOfAll('ISSUANCE:EDIT', undefined)
      ? await this.objectionTo(id, print, caller)
      : await this.objectionOfOnePrinter(id, print);
    if (objection !== undefined) throw invalidJob(objection);
    return id;
  }

  /** Whoever has some printers only must not learn of a job of another printer, nor make it theirs by naming it. */
  private async objectionOfOnePrinter(id: PrintStatusId, print: InFlightSubmission) {
    const listed = await this.jobs.listSince(print.dispatchedAtMs).catch((error: unknown) => {
      throw error instanceof ListRefused ? error.cause : error;
    });
    const job = listed.jobs.find((each) => each.id === id);
    if (job?.printerId === print.target) return this.objectionToListed(job, print, listed.apart.leastMs);
    return 'must name a job that the upstream lists at the printer of this print since it was sent';
  }

  private async objectionTo(id: PrintStatusId, print: InFlightSubmission, caller: Caller) {
    const listed = await this.jobs.listSinceIfPermitted(print.dispatchedAtMs);
    const job = listed?.jobs.find((each) => each.id === id);
    if (listed && job) return this.objectionToListed(job, print, listed.apart.leastMs);
    const { value } = await this.upstream.run(caller, (context) => this.idaas.getPrintStatus(id, context));
    const sinceMs = print.dispatchedAtMs + this.jobs.apart.leastMs;
    if ((createdAtOf(value) ?? Infinity) < sinceMs) return 'must not be a job of before this print';
    // A list that names none of our jobs by the id that print returned does not speak against this one.
    const isUsable = listed && (await this.jobs.wouldShow(listed.askedAtMs - this.config.settleMs));
    return isUsable ? 'must name a job that the upstream lists since this print was sent' : undefined;
  }

  private async objectionToListed(job: PrintJob, print: InFlightSubmission, leastApartMs: number) {
    if (job.printerId !== print.target) return 'must not be a job of another printer';
    if (job.createdAtMs < print.dispatchedAtMs + leastApartMs)
      return 'must not be a job of before this print';
    return (await this.jobs.isOurs(job))
      ? undefined
      : 'must not be a job that another application or a user created';
  }
}

export function invalidJob(message: string): InvalidRequest {
  return new InvalidRequest([{ path: 'printStatusId', message }]);
}
