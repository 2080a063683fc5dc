import type { Dispatched, StoredResponse } from './claim.machine.js';
import type { ClaimRegistry } from './claim.registry.js';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown, RequestRunning } from './idempotency.problems.js';
import { submissionId, type Submission } from './submission.js';

export interface Done {
  readonly response: StoredResponse;
  readonly isReplay: boolean;
}

/** Does what is sent under a key once: the rule, in order. */
export class Once {
  constructor(
    private readonly claims: ClaimRegistry,
    /** Whether a failure proves that nothing was done. */
    private readonly provesNothingDone: (error: unknown) => boolean,
  ) {}

  /**
   * Sends, or gives back the answer of before. Throws `RequestRunning`, `OutcomeStillUnknown`, `KeyReused` or
   * `StoreUnavailable` without sending; what `send` throws when nothing was done; otherwise `OutcomeUnknown`.
   */
  async run(submission: Submission, send: () => Promise<StoredResponse>): Promise<Done> {
    const claim = await this.claims.claim(submission);
    if (claim === 'running') throw new RequestRunning();
    if (claim === 'unknown') throw new OutcomeStillUnknown();
    if (claim === 'another-body') throw new KeyReused();
    if (!('state' in claim)) return { response: claim, isReplay: true };
    const sent = await this.claims.dispatch(claim, submission);
    if (!sent) throw new RequestRunning();
    return { response: await this.conclude(submissionId(submission), sent, send), isReplay: false };
  }

  private async conclude(
    id: string,
    sent: Dispatched,
    send: () => Promise<StoredResponse>,
  ): Promise<StoredResponse> {
    let response: StoredResponse;
    try {
      response = await send();
    } catch (error) {
      if (!this.provesNothingDone(error)) {
        await this.claims.loseTrack(id, sent);
        throw new OutcomeUnknown(error);
      }
      await this.claims.release(id, sent);
      throw error;
    }
    await this.claims.complete(id, sent, response);
    return response;
  }
}
