import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor, type AuditEvent } from '#libs/audit';
import { PrinterId, type PrintStatusId } from '#libs/contract';
import {
  InFlightSubmissions,
  type InFlightSubmission,
  type PrinterTurn,
  type StoredResponse,
  type ConclusionResult,
} from '#libs/idempotency';
import { JobRegistry, type JobRecord } from '#libs/jobs';
import { SecretKeys } from '#libs/secrets';
import type { Write } from '#libs/store';
import { PrintQuota, reservedFor } from '../print-quota.js';
import { printedResponse, resumedResponse, updatedResponse } from '../print-operation-response.js';
import { JoblessPrints } from './jobless-prints.js';
import { UnfinishedSettlements, type UnfinishedSettlement } from './unfinished-settlements.js';

export type Outcome = { readonly printed: PrintStatusId } | 'changed' | 'not-printed';

/** Who found it out. */
export interface Finding {
  readonly by: Actor;
  /** Where it is found out in the turn of its printer: nothing is written once that was lost. */
  readonly heldBy?: PrinterTurn | undefined;
  /** What the list of jobs said to a person who says that nothing was printed. */
  readonly jobList?: AuditEvent['jobList'];
}

/** Writes down what became of a submission of unknown outcome, whoever found out. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly inFlight: InFlightSubmissions,
    private readonly jobs: JobRegistry,
    private readonly cards: PrintQuota,
    private readonly jobless: JoblessPrints,
    private readonly unfinished: UnfinishedSettlements,
    private readonly audit: AuditLog,
    private readonly keys: SecretKeys,
  ) {}

  /**
   * In one step with whose the job is, so that a submission becomes one job and a job is one submission's (`job-conflict`); `superseded` when
   * it has been settled meanwhile, or the turn in which it was found out was lost. Throws `StoreUnavailable`; where it was written all the
   * same, `finishLeft` does the rest.
   */
  async settle(
    submission: InFlightSubmission,
    outcome: Outcome,
    finding: Finding,
  ): Promise<ConclusionResult> {
    const job = typeof outcome === 'object' ? jobOf(submission, outcome.printed) : undefined;
    const settlement = this.settlementOf(submission, outcome, finding);
    const written = await this.inFlight.settleSubmission(submission, responseOf(submission, outcome), {
      ownerWrite: job && this.jobs.ownerWriteOf(job),
      heldBy: finding.heldBy,
      additionalWrites: [
        this.unfinished.listing(settlement),
        ...(outcome === 'not-printed' ? this.cards.release(submission, submission.token) : []),
        ...this.joblessness(submission, outcome),
      ],
    });
    if (written === 'written') await this.finish(settlement);
    return written;
  }

  /** It cannot be found out: left to a person, in the turn of its printer, which is free then. Throws `StoreUnavailable`. */
  async leaveToPerson(submission: InFlightSubmission, turn: PrinterTurn): Promise<void> {
    await this.inFlight.leaveToPerson(submission, turn, this.jobless.listing(submission));
  }

  /** Does what is left to be done for settlements whose step was made, and whose gateway did not hear of it. Throws `StoreUnavailable`. */
  async finishLeft(): Promise<void> {
    for (const settlement of await this.unfinished.left()) await this.finish(settlement);
  }

  /** May be done twice: an event that is there twice is better than none. */
  private async finish(settlement: UnfinishedSettlement): Promise<void> {
    await this.audit.record(settlement.event, 'possible');
    await this.unfinished.unlist(settlement);
  }

  private settlementOf(
    submission: InFlightSubmission,
    outcome: Outcome,
    finding: Finding,
  ): UnfinishedSettlement {
    const submissionId = this.keys.keyIfLoaded('audit')?.hash(submission.id);
    return { token: submission.token, event: { ...eventOf(submission, outcome, finding), submissionId } };
  }

  private joblessness(submission: InFlightSubmission, outcome: Outcome): Write[] {
    if (submission.operation !== 'print') return [];
    return outcome === 'not-printed'
      ? this.jobless.listing(submission)
      : [this.jobless.unlisting(submission)];
  }
}

function jobOf(submission: InFlightSubmission, id: PrintStatusId): JobRecord | undefined {
  const { submitter: owner, dispatchedAtMs: createdAtMs, target, label } = submission;
  const printerId = PrinterId.parse(target);
  const reservation = reservedFor(submission, submission.token);
  return printerId && { id, owner, printerId, createdAtMs, label, submissionId: submission.id, reservation };
}

function responseOf({ operation, target }: InFlightSubmission, outcome: Outcome): StoredResponse | undefined {
  if (typeof outcome === 'object') return printedResponse(outcome.printed);
  if (outcome === 'not-printed') return undefined;
  const changed = operation === 'resumePrintJob' ? resumedResponse : updatedResponse;
  return changed(target as PrintStatusId);
}

function eventOf(
  { operation, target, submitter, copies }: InFlightSubmission,
  outcome: Outcome,
  { by, jobList }: Finding,
) {
  const printStatusId = typeof outcome === 'object' ? outcome.printed : undefined;
  return {
    at: new Date().toISOString(),
    by,
    operation: 'settle',
    outcome: outcome === 'not-printed' ? 'not-printed' : 'printed',
    submitter,
    copies,
    jobList,
    ...(operation === 'print' ? { printerId: target, printStatusId } : { printStatusId: target }),
  } as const;
}
