import type { SecretKeys } from '#libs/secrets';
import type { Change, Outcome, Store, Take } from '#libs/store';
import type { Commit } from './clocked-commit.js';
import { fingerprintOf, isOfDifferentBody } from './fingerprint.js';
import { keyStateOf, type ClaimedRecord, type KeyState } from './idempotency-record.js';
import type { LimitCharge } from './limit-charge.js';
import { decodeRecord, encodeRecord, recordKey } from './record-encoding.js';
import { submissionId, type Submission } from './submission.js';

/** One attempt to send. */
export interface Attempt {
  /** Names it, and no other. */
  readonly token: string;
  readonly charges: readonly LimitCharge[];
}

/** Claims keys, each in one step with what its submission takes of limits: both, or neither. */
export class KeyClaimer {
  constructor(
    private readonly store: Store,
    private readonly commit: Commit,
    private readonly keys: SecretKeys,
    private readonly leaseMs: number,
    /** Takes a claim away again. */
    private readonly release: (id: string, claimed: ClaimedRecord) => void,
  ) {}

  /** The record, where the key is ours now; else its state. Throws what a charge is refused with, and `StoreUnavailable`. */
  async claim(
    submission: Submission,
    { token, charges }: Attempt,
  ): Promise<ClaimedRecord | Exclude<KeyState, 'free'>> {
    const hashing = await this.keys.keyFor('fingerprint');
    const fingerprint = fingerprintOf(submission, hashing);
    const claimed: ClaimedRecord = { state: 'claimed', fingerprint, token };
    const { isDone, found, nowMs } = await this.claimWithCharges(submissionId(submission), claimed, charges);
    if (isDone) return claimed;
    const other = decodeRecord(found[0]);
    const isAnotherBody = other !== undefined && isOfDifferentBody(other.fingerprint, submission, hashing);
    const state = keyStateOf(other, isAnotherBody, nowMs);
    // A key that is free was claimed, where there was room: only the types do not know.
    return state === 'free' ? 'running' : state;
  }

  private async claimWithCharges(
    id: string,
    claimed: ClaimedRecord,
    charges: readonly LimitCharge[],
  ): Promise<Outcome> {
    const mayArrive = this.store.isUp;
    const takes = charges.flatMap(({ take }) => take ?? []);
    const outcome = await this.commit(this.claimChange(id, claimed, takes)).catch((error: unknown) => {
      // It may stand, and its reply be lost: nothing was sent, so it is taken away again.
      if (mayArrive) this.release(id, claimed);
      for (const charge of charges) charge.onResult('lost');
      throw error;
    });
    // Asked for a second time, the record stands already, with what was charged.
    const isTaken = outcome.isDone || outcome.found[0] === encodeRecord(claimed);
    const roomOf = ({ take }: LimitCharge) => take && outcome.rooms[takes.indexOf(take)];
    const refusals = charges.map((charge) => charge.onResult({ isTaken, room: roomOf(charge) }));
    const refusal = refusals.find((each) => each !== undefined);
    if (refusal) throw refusal;
    return { ...outcome, isDone: isTaken };
  }

  /** Of a key that nobody has claimed, where there is room for what its submission takes. */
  private claimChange(id: string, claimed: ClaimedRecord, takes: readonly Take[]): Change {
    const key = recordKey(id);
    return {
      conditions: [{ key, is: undefined }],
      takes,
      writes: [{ set: key, value: encodeRecord(claimed), ttlMs: this.leaseMs }],
    };
  }
}
