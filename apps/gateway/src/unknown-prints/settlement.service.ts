import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '#libs/audit';
import { PrinterId, PrintStatusId } from '#libs/contract';
import { ClaimRegistry, type OpenSubmission, type StoredResponse } from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { CardReservations } from '../print/card-reservations.js';
import { printedResponse, updatedResponse } from '../print/print-operation-response.js';

type Outcome = { readonly printed: PrintStatusId } | 'updated' | 'not-printed';

/** Writes down what became of a submission of unknown outcome, whoever found out. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly claims: ClaimRegistry,
    private readonly jobs: JobRegistry,
    private readonly cards: CardReservations,
    private readonly audit: AuditLog,
  ) {}

  /** False when it has been settled meanwhile. Throws `StoreUnavailable`. */
  async settle(submission: OpenSubmission, outcome: Outcome, by: Actor): Promise<boolean> {
    if (typeof outcome === 'object') await this.adopt(submission, outcome.printed);
    if (!(await this.claims.settle(submission, responseOf(submission, outcome)))) return false;
    if (outcome === 'not-printed') await this.cards.giveBack(submission);
    this.audit.record(eventOf(submission, outcome, by));
    return true;
  }

  /** Before the key answers with it: the job belongs to who submitted it. */
  private async adopt(submission: OpenSubmission, id: PrintStatusId): Promise<void> {
    const { submitter: owner, dispatchedAtMs: createdAtMs, target, label } = submission;
    const printerId = PrinterId.parse(target);
    if (printerId)
      await this.jobs.note({ id, owner, printerId, createdAtMs, label, submissionId: submission.id });
  }
}

function responseOf({ target }: OpenSubmission, outcome: Outcome): StoredResponse | undefined {
  if (typeof outcome === 'object') return printedResponse(outcome.printed);
  return outcome === 'updated' ? updatedResponse(target as PrintStatusId) : undefined;
}

function eventOf({ id, operation, target, submitter, copies }: OpenSubmission, outcome: Outcome, by: Actor) {
  const printStatusId = typeof outcome === 'object' ? outcome.printed : undefined;
  return {
    at: new Date().toISOString(),
    by,
    operation: 'settle',
    outcome: outcome === 'not-printed' ? 'not-printed' : 'printed',
    submissionId: id,
    submitter,
    copies,
    ...(operation === 'print' ? { printerId: target, printStatusId } : { printStatusId: target }),
  } as const;
}
