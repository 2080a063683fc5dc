import { Injectable } from '@nestjs/common';
import { identityOf, PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { ClaimRegistry, type OpenSubmission } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { JobsNotGranted, type Caller, type Grant } from '#libs/policy';
import { InvalidRequest, ResourceNotFound } from '#libs/problem';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import type { Settlement } from './settlement.dto.js';
import { SettlementService } from './settlement.service.js';
import { SettlementRunning } from './unknown-prints.problems.js';

/** Submissions whose answer was lost, for a person to settle who sees everybody's jobs. */
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
    requireEverybodysJobs(grant);
    return (await this.claims.listUnknown()).map(view);
  }

  async settle(id: string, settlement: Settlement, caller: Caller): Promise<void> {
    requireEverybodysJobs(caller.grant);
    const submission = await this.claims.findUnknown(id);
    if (!submission) return this.requireSettledSo(id, settlement);
    const outcome = await this.outcomeOf(submission, settlement, caller);
    const by = { ...identityOf(caller.principal), clientId: caller.principal.clientId };
    const settled = await this.settlements.settle(submission, outcome, by);
    if (settled === 'busy') throw new SettlementRunning();
    if (settled === 'job-of-another') throw invalidJob('is known already as the job of another submission');
    if (settled === 'gone') await this.requireSettledSo(id, settlement);
  }

  /** Whoever lost the answer, and says the same once more, is told the same. */
  private async requireSettledSo(id: string, { outcome, printStatusId }: Settlement): Promise<void> {
    const job = outcome === 'printed' ? PrintStatusId.parse(printStatusId) : undefined;
    if (!job || (await this.jobs.find(job))?.submissionId !== id) throw new ResourceNotFound();
  }

  private async outcomeOf(submission: OpenSubmission, settlement: Settlement, caller: Caller) {
    if (settlement.outcome === 'not-printed') return 'not-printed';
    if (submission.operation === 'updatePrint') return 'updated';
    return { printed: await this.jobOf(settlement, caller) };
  }

  /** The job must be one that the upstream knows; that it is nobody's yet is settled in one step with whose it is. */
  private async jobOf(settlement: Settlement, caller: Caller): Promise<PrintStatusId> {
    const id = PrintStatusId.parse(settlement.printStatusId);
    if (!id) throw invalidJob('must name the job that was printed');
    await this.upstream.ask(caller, (context) => this.idaas.getPrintStatus(id, context));
    return id;
  }
}

function invalidJob(message: string): InvalidRequest {
  return new InvalidRequest([{ path: 'printStatusId', message }]);
}

function requireEverybodysJobs(grant: Grant): void {
  if (!grant.allowsJobs('any')) throw new JobsNotGranted('any');
}

function view({ id, operation, target, submitter, copies, label, isKeyed, dispatchedAtMs }: OpenSubmission) {
  const dispatchedAt = new Date(dispatchedAtMs).toISOString();
  return { id, operation, target, submitter, copies, label, isKeyed, dispatchedAt };
}
