import { Logger } from '@nestjs/common';
import type { Change, Outcome } from '#libs/store';
import { concluding, concludingAnew, type Conclusion } from './claim-changes.js';
import { isOpen } from './claim.machine.js';
import { decodeClaim, encodeClaim } from './encoded-claim.js';
import { decodeSettled } from './settled.js';

/** Of an end: written down; refused, because the job is another submission's; or not written, for there is another end. */
export type Written = 'written' | 'job-of-another' | 'gone';

/** Writes the ends of submissions down, each once: what another has written first stays. */
export class ConclusionWriter {
  private readonly log = new Logger('Claims');

  constructor(private readonly commit: (change: Change) => Promise<Outcome>) {}

  /** Throws `StoreUnavailable`; it can then be called again. */
  async write(conclusion: Conclusion): Promise<Written> {
    const before = encodeClaim(conclusion.from);
    const { isDone, found } = await this.commit(concluding(conclusion, before));
    if (isDone) return written(conclusion);
    const [standing, job] = found;
    if (standing === before) return this.writeAlone(conclusion, job);
    if (standing === undefined && conclusion.to?.state === 'unknown')
      return conclusion.isFirstHand ? this.openAnew(conclusion) : 'gone';
    if (this.isOursStill(conclusion, standing)) return this.writeInThePlaceOf(standing, conclusion);
    return this.noteAlone(conclusion);
  }

  private async writeInThePlaceOf(standing: string | undefined, conclusion: Conclusion): Promise<Written> {
    const { isDone, found } = await this.commit(concluding(conclusion, standing));
    if (isDone) return written(conclusion);
    return found[0] === standing ? this.writeAlone(conclusion, found[1]) : 'gone';
  }

  /** All state was lost, and what was sent is still open; or it was settled meanwhile, and stays so. */
  private async openAnew(conclusion: Conclusion, settled?: string): Promise<Written> {
    const { isDone, found } = await this.commit(concludingAnew(conclusion, settled));
    if (isDone) return written(conclusion);
    const now = found.at(-1);
    const isSettled = decodeSettled(now)?.token === conclusion.from.token;
    // Of an earlier use of the key.
    return found[0] !== undefined || isSettled || now === settled ? 'gone' : this.openAnew(conclusion, now);
  }

  /** The job has a record already: of this submission, by a step before; or of another one. Else the turn was lost. */
  private async writeAlone({ note, ...conclusion }: Conclusion, job: string | undefined): Promise<Written> {
    if (!note || job === undefined) return 'gone';
    if (!note.saysSo(job)) {
      note.refuted?.();
      return 'job-of-another';
    }
    note.written?.();
    return this.write(conclusion);
  }

  /** What was sent was done, whatever became of its key: its job is its submitter's. */
  private async noteAlone({ note, isFirstHand }: Conclusion): Promise<Written> {
    if (!note || !isFirstHand) return 'gone';
    const { isDone } = await this.commit({ conditions: [note.condition], writes: note.writes });
    if (isDone) note.written?.();
    return 'gone';
  }

  /** Who has sent it knows better than who took it for unknown, and also when all state was lost meanwhile. */
  private isOursStill({ id, from, to, isFirstHand }: Conclusion, standing: string | undefined): boolean {
    if (!isFirstHand) return false;
    const claim = decodeClaim(standing);
    if (claim === undefined || (isOpen(claim) && claim.token === from.token)) return true;
    if (to?.state === 'completed' && claim.token !== from.token)
      this.log.error(
        { submission: id },
        'The response to a print arrived after its idempotency key was released: the key may have printed twice.',
      );
    return false;
  }
}

function written({ note }: Conclusion): Written {
  note?.written?.();
  return 'written';
}
