import { Injectable } from '@nestjs/common';
import { identityOf, PrinterId, PrintStatusId, type Permission } from '#libs/contract';
import { InFlightSubmissions, type InFlightSubmission } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { JobsNotGranted, type Caller, type Grant } from '#libs/policy';
import { ResourceNotFound } from '#libs/problem';
import { UpstreamAccess } from '../../upstream/upstream.access.js';
import { LateJobs } from './late-jobs.js';
import { invalidJob, NamedJob } from './named-job.js';
import { OutcomeSearch, type Shown } from './outcome-search.js';
import type { Settlement } from './settlement.dto.js';
import { SettlementService, type Finding, type Outcome } from './settlement.service.js';
import type { UnknownPrint } from './unknown-print.dto.js';
import { JobFits, JobMayStillShow } from './unknown-prints.problems.js';

/** Submissions whose answer was lost, for a person to settle who sees everybody's jobs on their printer. */
@Injectable()
export class UnknownPrintsService {
  constructor(
    private readonly inFlight: InFlightSubmissions,
    private readonly settlements: SettlementService,
    private readonly search: OutcomeSearch,
    private readonly named: NamedJob,
    private readonly lateJobs: LateJobs,
    private readonly jobs: JobRegistry,
    private readonly upstream: UpstreamAccess,
  ) {}

  async list({ grant }: Caller): Promise<UnknownPrint[]> {
    requireEverybodysJobs('ISSUANCE:VIEW', grant);
    const unknown = await this.inFlight.listUnknown();
    const printers = await Promise.all(unknown.map((submission) => this.printerOf(submission)));
    return unknown.filter((_, at) => grant.coversJobsOfAll('ISSUANCE:VIEW', printers[at])).map(view);
  }

  async settle(id: string, settlement: Settlement, caller: Caller): Promise<void> {
    requireEverybodysJobs('ISSUANCE:EDIT', caller.grant);
    const submission = await this.inFlight.findUnknown(id);
    if (!submission) return this.requireSettledSo(id, settlement, caller);
    if (!caller.grant.coversJobsOfAll('ISSUANCE:EDIT', await this.printerOf(submission)))
      throw new ResourceNotFound();
    const by = { ...identityOf(caller.principal), clientId: caller.principal.clientId };
    const { outcome, jobList } = await this.findingOf(submission, settlement, caller);
    const settled = await this.settlements.settle(submission, outcome, { by, jobList });
    if (settled === 'job-conflict') throw invalidJob('is known already as the job of another submission');
    if (settled === 'superseded') await this.requireSettledSo(id, settlement, caller);
  }

  /** Whoever lost the answer, and says the same once more, is told the same. */
  private async requireSettledSo(id: string, settlement: Settlement, { grant }: Caller): Promise<void> {
    const so = await this.findSettledSo(id, settlement);
    if (!so || !grant.coversJobsOfAll('ISSUANCE:EDIT', so.printerId)) throw new ResourceNotFound();
  }

  /** Where it was; undefined when it was not. The job of a print tells, also where its answer came after all. */
  private async findSettledSo(id: string, { outcome, printStatusId }: Settlement) {
    const jobId = outcome === 'printed' ? PrintStatusId.parse(printStatusId) : undefined;
    const job = jobId && (await this.jobs.find(jobId));
    if (job?.submissionId === id) return job;
    const settled = await this.inFlight.findSettlement(id);
    if (!settled || (settled.response === undefined) !== (outcome === 'not-printed')) return undefined;
    const isToldByJob = settled.operation === 'print' && outcome === 'printed';
    return isToldByJob ? undefined : { printerId: await this.printerOf(settled) };
  }

  private async findingOf(
    submission: InFlightSubmission,
    { outcome, printStatusId, force = false }: Settlement,
    caller: Caller,
  ): Promise<Pick<Finding, 'jobList'> & { readonly outcome: Outcome }> {
    const isPrint = submission.operation === 'print';
    if (outcome === 'printed')
      return {
        outcome: isPrint
          ? { printed: await this.named.require(printStatusId, submission, caller) }
          : 'changed',
      };
    const jobList = isPrint ? await this.requireNoJob(submission, force, caller) : undefined;
    return { outcome, jobList };
  }

  /**
   * What the upstream's list says against it that nothing was printed: a job that may be its (`JobFits`), or that the list cannot be read
   * now, which is thrown as it is: to wait costs less than a second card. A list that cannot be read at all holds nobody up: the
   * person has looked at the printer.
   */
  private async requireNoJob(submission: InFlightSubmission, isForced: boolean, caller: Caller) {
    if (isForced) return 'not-asked';
    await this.upstream.admit(caller);
    const shown = await this.search.look(submission);
    const fitting = fittingOf(shown);
    if (fitting.length > 0) {
      await this.lateJobs.areKnownOf(fitting, submission);
      const mayBeSeen = caller.grant.coversJobsOfAll('ISSUANCE:VIEW', PrinterId.parse(submission.target));
      throw new JobFits(mayBeSeen ? fitting : []);
    }
    if ('obstacle' in shown) return 'unreadable';
    // A job of its may still show up.
    if ('isFinal' in shown && !shown.isFinal) throw new JobMayStillShow();
    return 'no-job';
  }

  /** Where it was to be printed, or the job is that was to be updated; undefined when nobody knows any more. */
  private async printerOf({
    operation,
    target,
  }: Pick<InFlightSubmission, 'operation' | 'target'>): Promise<PrinterId | undefined> {
    if (operation === 'print') return PrinterId.parse(target);
    const id = PrintStatusId.parse(target);
    return id && (await this.jobs.find(id))?.printerId;
  }
}

function fittingOf(shown: Shown): string[] {
  if ('obstacle' in shown) return shown.fitting.map(({ id }) => id);
  return shown.job === undefined ? [] : [shown.job];
}

function requireEverybodysJobs(permission: Permission, grant: Grant): void {
  if (!grant.reachesJobs(permission, 'any')) throw new JobsNotGranted('any');
}

function view(submission: InFlightSubmission): UnknownPrint {
  const { id, operation, target, submitter, copies, label, isKeyed, dispatchedAtMs } = submission;
  const dispatchedAt = new Date(dispatchedAtMs).toISOString();
  return { id, operation, target, submitter, copies, label, isKeyed, dispatchedAt };
}
