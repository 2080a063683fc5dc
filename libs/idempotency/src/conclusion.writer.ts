import { Logger } from '@nestjs/common';
import type { Commit } from './clocked-commit.js';
import { conclusionChange, reopenChange, type Conclusion } from './conclusion.js';
import { isInFlight } from './idempotency-record.js';
import { decodeRecord, encodeRecord } from './record-encoding.js';
import { decodeSettlement } from './settlement-record.js';

/** Of an end: written; refused, because the job is another submission's; or not written, for there is another end. */
export type ConclusionResult = 'written' | 'job-conflict' | 'superseded';

/** Writes the ends of submissions, each once: what another has written first stays. */
export class ConclusionWriter {
  private readonly log = new Logger('Idempotency');

  constructor(private readonly commit: Commit) {}

  /** Throws `StoreUnavailable`; it can then be called again. */
  async write(conclusion: Conclusion): Promise<ConclusionResult> {
    const before = encodeRecord(conclusion.from);
    const { isDone, found } = await this.commit(conclusionChange(conclusion, before));
    if (isDone) return written(conclusion);
    const [standing, job] = found;
    if (standing === before) return this.writeWithoutOwner(conclusion, job);
    if (standing === undefined && conclusion.to?.state === 'unknown')
      return conclusion.isFirstHand ? this.reopen(conclusion) : 'superseded';
    if (this.isStillOurs(conclusion, standing)) return this.overwrite(standing, conclusion);
    return this.writeOwnerOnly(conclusion);
  }

  private async overwrite(standing: string | undefined, conclusion: Conclusion): Promise<ConclusionResult> {
    const { isDone, found } = await this.commit(conclusionChange(conclusion, standing));
    if (isDone) return written(conclusion);
    return found[0] === standing ? this.writeWithoutOwner(conclusion, found[1]) : 'superseded';
  }

  /** All state was lost, and what was sent is still in flight; or it was settled meanwhile, and stays so. */
  private async reopen(conclusion: Conclusion, settled?: string): Promise<ConclusionResult> {
    const { isDone, found } = await this.commit(reopenChange(conclusion, settled));
    if (isDone) return written(conclusion);
    const now = found.at(-1);
    const isSettled = decodeSettlement(now)?.token === conclusion.from.token;
    // Of an earlier use of the key.
    return found[0] !== undefined || isSettled || now === settled
      ? 'superseded'
      : this.reopen(conclusion, now);
  }

  /** The job has a record already: of this submission, by a step before; or of another one. Else the turn was lost. */
  private async writeWithoutOwner(
    { ownerWrite, ...conclusion }: Conclusion,
    job: string | undefined,
  ): Promise<ConclusionResult> {
    if (!ownerWrite || job === undefined) return 'superseded';
    if (!ownerWrite.isSatisfiedBy(job)) {
      ownerWrite.onConflict?.();
      return 'job-conflict';
    }
    ownerWrite.onWritten?.();
    return this.write(conclusion);
  }

  /** What was sent was done, whatever became of its key: its job is its submitter's. */
  private async writeOwnerOnly({ ownerWrite, isFirstHand }: Conclusion): Promise<ConclusionResult> {
    if (!ownerWrite || !isFirstHand) return 'superseded';
    const { isDone } = await this.commit({ conditions: [ownerWrite.condition], writes: ownerWrite.writes });
    if (isDone) ownerWrite.onWritten?.();
    return 'superseded';
  }

  /** Who has sent it knows better than who took it for unknown, and also when all state was lost meanwhile. */
  private isStillOurs({ id, from, to, isFirstHand }: Conclusion, standing: string | undefined): boolean {
    if (!isFirstHand) return false;
    const record = decodeRecord(standing);
    if (record === undefined || (isInFlight(record) && record.token === from.token)) return true;
    if (to?.state === 'completed' && record.token !== from.token)
      this.log.error(
        { submission: id },
        'The response to a print arrived after its idempotency key was released: the key may have printed twice.',
      );
    return false;
  }
}

function written({ ownerWrite }: Conclusion): ConclusionResult {
  ownerWrite?.onWritten?.();
  return 'written';
}
