import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '#libs/store';
import type { Claimed, Dispatched, StoredResponse } from './claim.machine.js';
import type { ClaimRegistry } from './claim.registry.js';
import {
  KeyExpired,
  KeyReused,
  OutcomeStillUnknown,
  OutcomeUnknown,
  RequestRunning,
} from './idempotency.problems.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { submissionId, type Submission } from './submission.js';

export interface Done {
  readonly response: StoredResponse;
  readonly isReplay: boolean;
}

/** What is done once. */
export interface Work {
  /** Before anything is sent: throws what speaks against sending. `token` names this attempt to send, and no other. */
  prepare(token: string): Promise<void> | undefined;
  /** While the attempt is marked as sent: makes what was prepared last. False when it does not stand any more: nothing is sent. */
  confirm?(token: string): Promise<boolean>;
  /** `submissionId` names the submission wherever its outcome is looked for. */
  send(submissionId: string, token: string): Promise<StoredResponse>;
  /** Takes `prepare` back: nothing was done. Changes nothing the second time. Never rejects. */
  undo(token: string): Promise<void>;
}

/** Does what is sent under a key once: the rule, in order. */
export class Once {
  constructor(
    private readonly claims: ClaimRegistry,
    /** Whether a failure of `send` proves that nothing was done. */
    private readonly provesNothingDone: (error: unknown) => boolean,
    /** Whether a key says itself that what was done under it may be forgotten. */
    private readonly isExpired: (key: IdempotencyKey) => boolean = () => false,
  ) {}

  /**
   * Sends, or gives back the answer of before. Throws `KeyExpired`, `RequestRunning`, `OutcomeStillUnknown`, `KeyReused`,
   * `StoreUnavailable` or what `prepare` throws without sending; what `send` throws when nothing was done; otherwise
   * `OutcomeUnknown`.
   */
  async run(submission: Submission, work: Work): Promise<Done> {
    if (this.isExpired(submission.key)) throw new KeyExpired();
    const claim = await this.claims.claim(submission);
    if (claim === 'running') throw new RequestRunning();
    if (claim === 'unknown') throw new OutcomeStillUnknown();
    if (claim === 'another-body') throw new KeyReused();
    if (!('state' in claim)) return { response: claim, isReplay: true };
    const sent = await this.dispatch(claim, submission, work);
    const id = submissionId(submission);
    // Between the mark and the first byte this process may have stood still, for however long.
    if (this.claims.isLate(sent)) return this.giveUp(id, sent, work);
    const response = await this.send(id, sent, work).catch((error: unknown) => {
      throw this.provesNothingDone(error) ? error : new OutcomeUnknown(error);
    });
    await this.claims.complete(id, sent, response);
    return { response, isReplay: false };
  }

  /**
   * Sends what has no key of the caller's, and keeps track of it all the same. Throws `StoreUnavailable` without sending, and what
   * `prepare` and `send` throw.
   */
  async runWithoutKey(submission: Submission, work: Work): Promise<Done> {
    const [id, token] = [submissionId(submission), randomUUID()];
    await work.prepare(token);
    const marking = this.claims.dispatchWithoutKey(submission, token);
    const sent = await this.confirmed(id, token, marking, work);
    const response = await this.send(id, sent, work);
    await this.claims.release(id, sent);
    return { response, isReplay: false };
  }

  private async dispatch(claim: Claimed, submission: Submission, work: Work): Promise<Dispatched> {
    const id = submissionId(submission);
    const letGo = this.claims.holdOn(id, claim);
    try {
      await work.prepare(claim.token);
    } catch (error) {
      await this.claims.release(id, claim);
      throw error;
    } finally {
      letGo();
    }
    return this.confirmed(id, claim.token, this.claims.dispatch(claim, submission), work);
  }

  /** The mark, and what was prepared, both stand; else nothing is sent. They are asked for at the same time: a print waits for them. */
  private async confirmed(
    id: string,
    token: string,
    marking: Promise<Dispatched | undefined>,
    work: Work,
  ): Promise<Dispatched> {
    const [mark, confirmation] = await Promise.allSettled([marking, work.confirm?.(token) ?? true]);
    const sent = mark.status === 'fulfilled' ? mark.value : undefined;
    if (sent && confirmation.status === 'fulfilled' && confirmation.value) return sent;
    await Promise.all([sent && this.claims.release(id, sent), work.undo(token)]);
    throw refusal(mark, confirmation);
  }

  private async giveUp(id: string, sent: Dispatched, work: Work): Promise<never> {
    await Promise.all([this.claims.release(id, sent), work.undo(sent.token)]);
    throw new RequestRunning();
  }

  private async send(id: string, sent: Dispatched, work: Work): Promise<StoredResponse> {
    try {
      return await work.send(id, sent.token);
    } catch (error) {
      if (this.provesNothingDone(error))
        await Promise.all([this.claims.release(id, sent), work.undo(sent.token)]);
      else await this.claims.loseTrack(id, sent);
      throw error;
    }
  }
}

/** Why what was prepared and marked is not sent: what could not be known; or what was lost meanwhile, the key or what was prepared. */
function refusal(
  ...ends: readonly [PromiseSettledResult<Dispatched | undefined>, PromiseSettledResult<boolean>]
) {
  const fault = ends.find((end) => end.status === 'rejected');
  if (fault) return fault.reason as Error;
  const isMarked = ends[0].status === 'fulfilled' && ends[0].value !== undefined;
  return isMarked
    ? new StoreUnavailable(new Error('what was prepared does not stand'))
    : new RequestRunning();
}
