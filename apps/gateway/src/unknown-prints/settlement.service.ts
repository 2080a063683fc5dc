import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '#libs/audit';
import { PrinterId, PrintStatusId } from '#libs/contract';
import { ClaimRegistry, type OpenSubmission, type StoredResponse } from '#libs/idempotency';
import { JobRegistry, type JobRecord } from '#libs/jobs';
import { SecretKeys } from '#libs/secrets';
import { Lease, Store } from '#libs/store';
import { CardReservations, reservedFor } from '../print/card-reservations.js';
import { printedResponse, resumedResponse, updatedResponse } from '../print/print-operation-response.js';

/** How long a submission is held by a gateway that died while it settled it. */
const LEASE_MS = 3_000;

type Settled = 'settled' | 'busy' | 'gone' | 'job-of-another';

type Outcome = { readonly printed: PrintStatusId } | 'changed' | 'not-printed';

/** Writes down what became of a submission of unknown outcome, whoever found out. */
@Injectable()
export class SettlementService {
  private readonly lease: Lease;

  constructor(
    private readonly claims: ClaimRegistry,
    private readonly jobs: JobRegistry,
    private readonly cards: CardReservations,
    private readonly audit: AuditLog,
    private readonly keys: SecretKeys,
    store: Store,
  ) {
    this.lease = new Lease(store, LEASE_MS);
  }

  /**
   * One at a time for each submission (`busy`), so that it becomes one job; `gone` when it has been settled meanwhile. Which submission
   * a job came of is decided by the job's record, where it has none yet: one key, so one step of the Store (`job-of-another`). What is
   * cut off in between is settled by the same word once more. Throws `StoreUnavailable`.
   */
  async settle({ id }: OpenSubmission, outcome: Outcome, by: Actor): Promise<Settled> {
    const giveBack = await this.lease.take(`{${id}}:settlement`);
    if (!giveBack) return 'busy';
    try {
      const submission = await this.claims.findUnknown(id);
      return submission ? await this.settleAlone(submission, outcome, by) : 'gone';
    } finally {
      await giveBack();
    }
  }

  private async settleAlone(submission: OpenSubmission, outcome: Outcome, by: Actor): Promise<Settled> {
    const job = typeof outcome === 'object' ? jobOf(submission, outcome.printed) : undefined;
    // Before the key answers with it: the job belongs to who submitted it.
    if (job && !(await this.jobs.adopt(job))) return 'job-of-another';
    // Before too, so that no reply that is lost leaves them reserved: to give back once more changes nothing.
    if (outcome === 'not-printed') await this.cards.giveBack(submission, submission.token);
    if (!(await this.claims.settle(submission, responseOf(submission, outcome)))) return 'gone';
    const submissionId = this.keys.keyAtHand('audit')?.hash(submission.id);
    this.audit.record({ ...eventOf(submission, outcome, by), submissionId }, 'possible');
    return 'settled';
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
