import { Injectable } from '@nestjs/common';
import { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { ClaimRegistry, type StoredResponse, type UnknownSubmission } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { JobsNotGranted, type Caller, type Grant } from '#libs/policy';
import { InvalidRequest, ResourceNotFound } from '#libs/problem';
import type { Settlement } from './dto/settlement.dto.js';
import { printedResponse, updatedResponse } from './print-operation-response.js';

/** Submissions whose answer was lost, for a person to settle who sees everybody's jobs. */
@Injectable()
export class UnknownPrintsService {
  constructor(
    private readonly claims: ClaimRegistry,
    private readonly jobs: JobRegistry,
    private readonly idaas: IdaasClient,
  ) {}

  async list({ grant }: Caller) {
    requireEverybodysJobs(grant);
    return (await this.claims.listUnknown()).map(view);
  }

  async settle(id: string, { outcome, printStatusId }: Settlement, { grant }: Caller): Promise<void> {
    requireEverybodysJobs(grant);
    const submission = await this.claims.findUnknown(id);
    if (!submission) throw new ResourceNotFound();
    const response = outcome === 'printed' ? await this.responseOf(submission, printStatusId) : undefined;
    if (!(await this.claims.settle(submission, response))) throw new ResourceNotFound();
  }

  private responseOf(
    submission: UnknownSubmission,
    printStatusId: string | undefined,
  ): Promise<StoredResponse> {
    const target = PrintStatusId.parse(submission.target);
    if (submission.operation === 'updatePrint' && target) return Promise.resolve(updatedResponse(target));
    const jobId = PrintStatusId.parse(printStatusId);
    if (!jobId)
      throw new InvalidRequest([{ path: 'printStatusId', message: 'must name the job that was printed' }]);
    return this.adopt(submission, jobId);
  }

  /** The job must be one that the upstream knows; it belongs to who submitted it. */
  private async adopt(submission: UnknownSubmission, id: PrintStatusId): Promise<StoredResponse> {
    await this.idaas.getPrintStatus(id);
    const { submitter: owner, dispatchedAtMs: createdAtMs, target } = submission;
    const printerId = PrinterId.parse(target);
    if (printerId) await this.jobs.note({ id, owner, printerId, createdAtMs, label: undefined });
    return printedResponse(id);
  }
}

function requireEverybodysJobs(grant: Grant): void {
  if (grant.jobs !== 'any') throw new JobsNotGranted();
}

function view({ id, operation, target, submitter, copies, dispatchedAtMs }: UnknownSubmission) {
  return { id, operation, target, submitter, copies, dispatchedAt: new Date(dispatchedAtMs).toISOString() };
}
