import { Injectable } from '@nestjs/common';
import { identityOf, PrinterId, PrintStatusId, type Permission } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { ClaimRegistry, type OpenSubmission } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { JobsNotGranted, type Caller, type Grant } from '#libs/policy';
import { InvalidRequest, ResourceNotFound } from '#libs/problem';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import type { Settlement } from './settlement.dto.js';
import { SettlementService } from './settlement.service.js';

/** Of a print that was sent at a moment of our clock, the job is looked for so much before that on the upstream's. */
const CLOCKS_DIFFER_MS = 3_600_000;

/** Submissions whose answer was lost, for a person to settle who sees everybody's jobs on their printer. */
@Injectable()
export class UnknownPrintsService {
  constructor(
    private readonly claims: ClaimRegistry,
    private readonly settlements: SettlementService,
    private readonly jobs: JobRegistry,
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
  ) {}

  async list({ grant }: Caller) {
    requireEverybodysJobs('ISSUANCE:VIEW', grant);
    const unknown = await this.claims.listUnknown();
    const printers = await Promise.all(unknown.map((submission) => this.printerOf(submission)));
    return unknown.filter((_, at) => grant.coversJobsOfAll('ISSUANCE:VIEW', printers[at])).map(view);
  }

  async settle(id: string, settlement: Settlement, caller: Caller): Promise<void> {
    requireEverybodysJobs('ISSUANCE:EDIT', caller.grant);
    const submission = await this.claims.findUnknown(id);
    if (!submission) return this.requireSettledSo(id, settlement, caller);
    if (!caller.grant.coversJobsOfAll('ISSUANCE:EDIT', await this.printerOf(submission)))
      throw new ResourceNotFound();
    const outcome = await this.outcomeOf(submission, settlement, caller);
    const by = { ...identityOf(caller.principal), clientId: caller.principal.clientId };
    const settled = await this.settlements.settle(submission, outcome, by);
    if (settled === 'job-of-another') throw invalidJob('is known already as the job of another submission');
    if (settled === 'gone') await this.requireSettledSo(id, settlement, caller);
  }

  /** Whoever lost the answer, and says the same once more, is told the same. */
  private async requireSettledSo(id: string, settlement: Settlement, { grant }: Caller): Promise<void> {
    const jobId =
      settlement.outcome === 'printed' ? PrintStatusId.parse(settlement.printStatusId) : undefined;
    const job = jobId && (await this.jobs.find(jobId));
    if (job?.submissionId !== id || !grant.coversJobsOfAll('ISSUANCE:EDIT', job.printerId))
      throw new ResourceNotFound();
  }

  private async outcomeOf(submission: OpenSubmission, settlement: Settlement, caller: Caller) {
    if (settlement.outcome === 'not-printed') return 'not-printed';
    if (submission.operation !== 'print') return 'changed';
    return { printed: await this.jobOf(submission, settlement, caller) };
  }

  /** The job must be one that the upstream knows; that it is nobody's yet is settled in one step with whose it is. */
  private async jobOf(
    submission: OpenSubmission,
    settlement: Settlement,
    caller: Caller,
  ): Promise<PrintStatusId> {
    const id = PrintStatusId.parse(settlement.printStatusId);
    if (!id) throw invalidJob('must name the job that was printed');
    if (caller.grant.coversJobsOfAll('ISSUANCE:EDIT', undefined))
      await this.upstream.ask(caller, (context) => this.idaas.getPrintStatus(id, context));
    else await this.requireListedAt(submission, id, caller);
    return id;
  }

  /** Whoever has some printers only must not make a job of another printer theirs by naming it. */
  private async requireListedAt(
    { target, dispatchedAtMs }: OpenSubmission,
    id: PrintStatusId,
    caller: Caller,
  ): Promise<void> {
    const search = { printerId: PrinterId.parse(target), sinceMs: dispatchedAtMs - CLOCKS_DIFFER_MS };
    const { jobs } = await this.upstream.ask(caller, () => this.idaas.listPrintJobs(search));
    if (!jobs.some((job) => job.id === id && job.printerId === target))
      throw invalidJob('must name a job that the upstream lists at the printer of this print');
  }

  /** Where it was to be printed, or the job is that was to be updated; undefined when nobody knows any more. */
  private async printerOf({ operation, target }: OpenSubmission): Promise<PrinterId | undefined> {
    if (operation === 'print') return PrinterId.parse(target);
    const id = PrintStatusId.parse(target);
    return id && (await this.jobs.find(id))?.printerId;
  }
}

function invalidJob(message: string): InvalidRequest {
  return new InvalidRequest([{ path: 'printStatusId', message }]);
}

function requireEverybodysJobs(permission: Permission, grant: Grant): void {
  if (!grant.reachesJobs(permission, 'any')) throw new JobsNotGranted('any');
}

function view({ id, operation, target, submitter, copies, label, isKeyed, dispatchedAtMs }: OpenSubmission) {
  const dispatchedAt = new Date(dispatchedAtMs).toISOString();
  return { id, operation, target, submitter, copies, label, isKeyed, dispatchedAt };
}
