import type { SecretKeys } from '#libs/secrets';
import type { Change, Outcome, Store } from '#libs/store';
import { claiming } from './claim-changes.js';
import { meet, type Claimed, type Meeting } from './claim.machine.js';
import type { Demand } from './demand.js';
import { decodeClaim, encodeClaim } from './encoded-claim.js';
import { fingerprintOf, isOfAnotherBody } from './fingerprint.js';
import { submissionId, type Submission } from './submission.js';

/** One attempt to send. */
export interface Attempt {
  /** Names it, and no other. */
  readonly token: string;
  readonly demands: readonly Demand[];
}

/** Claims keys, each in one step with what is demanded for its submission: both, or neither. */
export class ClaimTaker {
  constructor(
    private readonly store: Store,
    private readonly commit: (change: Change) => Promise<Outcome>,
    private readonly keys: SecretKeys,
    private readonly leaseMs: number,
    /** Takes a claim away again. */
    private readonly release: (id: string, claim: Claimed) => void,
  ) {}

  /** Whose the key is; or what stands in the way, or what the answer was. Throws what a demand is refused with, and `StoreUnavailable`. */
  async claim(
    submission: Submission,
    { token, demands }: Attempt,
  ): Promise<Claimed | Exclude<Meeting, 'free'>> {
    const hashing = await this.keys.keyFor('fingerprint');
    const claim: Claimed = { state: 'claimed', fingerprint: fingerprintOf(submission, hashing), token };
    const { isDone, found, nowMs } = await this.take(submissionId(submission), claim, demands);
    if (isDone) return claim;
    const other = decodeClaim(found[0]);
    const isAnother = other !== undefined && isOfAnotherBody(other.fingerprint, submission, hashing);
    const met = meet(other, isAnother, nowMs);
    // A key that is free was claimed, where there was room: only the types do not know.
    return met === 'free' ? 'running' : met;
  }

  private async take(id: string, claim: Claimed, demands: readonly Demand[]): Promise<Outcome> {
    const mayArrive = this.store.isUp;
    const takes = demands.flatMap(({ take }) => take ?? []);
    const outcome = await this.commit(claiming(id, claim, this.leaseMs, takes)).catch((error: unknown) => {
      // It may stand, and its reply be lost: nothing was sent, so it is taken away again.
      if (mayArrive) this.release(id, claim);
      for (const demand of demands) demand.answered('lost');
      throw error;
    });
    // Asked for a second time, the claim stands already, with what was demanded.
    const isTaken = outcome.isDone || outcome.found[0] === encodeClaim(claim);
    const roomOf = ({ take }: Demand) => take && outcome.rooms[takes.indexOf(take)];
    const refusals = demands.map((demand) => demand.answered({ isTaken, room: roomOf(demand) }));
    const refusal = refusals.find((each) => each !== undefined);
    if (refusal) throw refusal;
    return { ...outcome, isDone: isTaken };
  }
}
