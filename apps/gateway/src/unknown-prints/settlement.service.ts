import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '#libs/audit';
import { PrinterId, PrintStatusId } from '#libs/contract';
import {
  ClaimRegistry,
  type OpenSubmission,
  type PrinterTurn,
  type StoredResponse,
  type Written,
} from '#libs/idempotency';
import { JobRegistry, type JobRecord } from '#libs/jobs';
import { SecretKeys } from '#libs/secrets';
import { CardReservations, reservedFor } from '../print/card-reservations.js';
import { printedResponse, resumedResponse, updatedResponse } from '../print/print-operation-response.js';

export type Outcome = { readonly printed: PrintStatusId } | 'changed' | 'not-printed';

/** Writes down what became of a submission of unknown outcome, whoever found out. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly claims: ClaimRegistry,
    private readonly jobs: JobRegistry,
    private readonly cards: CardReservations,
    private readonly audit: AuditLog,
    private readonly keys: SecretKeys,
  ) {}

  /**
   * In one step with whose the job is, so that a submission becomes one job and a job is one submission's (`job-of-another`); `gone` when
   * it has been settled meanwhile, or the turn in which it was found out was lost. Throws `StoreUnavailable`.
   */
  async settle(
    submission: OpenSubmission,
    outcome: Outcome,
    by: Actor,
    heldBy?: PrinterTurn,
  ): Promise<Written> {
    const job = typeof outcome === 'object' ? jobOf(submission, outcome.printed) : undefined;
    const note = job && this.jobs.noteOf(job);
    const written = await this.claims.settle(submission, responseOf(submission, outcome), { note, heldBy });
    if (written !== 'written') return written;
    if (outcome === 'not-printed') await this.cards.giveBack(submission, submission.token);
    const submissionId = this.keys.keyAtHand('audit')?.hash(submission.id);
    this.audit.record({ ...eventOf(submission, outcome, by), submissionId }, 'possible');
    return written;
  }
}

function jobOf(submission: OpenSubmission, id: PrintStatusId): JobRecord | undefined {
  const { submitter: owner, dispatchedAtMs: createdAtMs, target, label } = submission;
  const printerId = PrinterId.parse(target);
  const reservation = reservedFor(submission, submission.token);
  return printerId && { id, owner, printerId, createdAtMs, label, submissionId: submission.id, reservation };
}

function responseOf({ operation, target }: OpenSubmission, outcome: Outcome): StoredResponse | undefined {
  if (typeof outcome === 'object') return printedResponse(outcome.printed);
  if (outcome === 'not-printed') return undefined;
  const changed = operation === 'resumePrintJob' ? resumedResponse : updatedResponse;
  return changed(target as PrintStatusId);
}

function eventOf({ operation, target, submitter, copies }: OpenSubmission, outcome: Outcome, by: Actor) {
  const printStatusId = typeof outcome === 'object' ? outcome.printed : undefined;
  return {
    at: new Date().toISOString(),
    by,
    operation: 'settle',
    outcome: outcome === 'not-printed' ? 'not-printed' : 'printed',
    submitter,
    copies,
    ...(operation === 'print' ? { printerId: target, printStatusId } : { printStatusId: target }),
  } as const;
}
