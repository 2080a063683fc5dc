import { randomUUID } from 'node:crypto';
import { Problem } from '#libs/problem';
import { StoreUnavailable, type Take } from '#libs/store';
import type { Answered } from './claim-changes.js';
import type { Dispatched, StoredResponse } from './claim.machine.js';
import type { ClaimRegistry, OnItsWay } from './claim.registry.js';
import type { Demand } from './demand.js';
import type { IdempotencyKey } from './idempotency-key.js';
import {
  KeyExpired,
  KeyReused,
  OutcomeStillUnknown,
  OutcomeUnknown,
  RequestRunning,
} from './idempotency.problems.js';
import type { PrinterTurn } from './printer-turn.js';
import { submissionId, type Submission } from './submission.js';

export interface Done {
  readonly response: StoredResponse;
  readonly isReplay: boolean;
}

/**
 * To be called when all is ready for the first byte, which then leaves at once: until when, by `performance.now()`. Throws, and nothing may
 * be sent.
 */
export type Mark = () => Promise<number>;

/** What is done once. `token` names this attempt to send, and no other. */
export interface Work {
  /** What is taken of limits in one step with the key, in the order in which it is refused. */
  demands?(token: string): readonly Demand[];
  /** Where no key can be claimed, and it is to be sent all the same: throws what speaks against that. */
  admit?(): Promise<void> | undefined;
  /** What is kept of what was taken, in one step with the mark. Where it does not stand any more nothing is sent. */
  keeping?(token: string): Take | undefined;
  /** Sends what `submissionId` names wherever its outcome is looked for. */
  send(mark: Mark, submissionId: string, token: string): Promise<Answered>;
  /** Gives back what was taken: nothing was done. Changes nothing the second time. Never rejects. */
  undo(token: string): Promise<void>;
  /** The answer was that to another request: so may be the next one over the same connection. */
  distrust?(): void;
}

/** What the failure of a call proves, and what a key says. */
export interface Proofs {
  /** That nothing was done. */
  provesNothingDone(error: unknown): boolean;
  /** That it was refused for the gateway's own credentials, which are new now: it may be sent once more, where nothing came of it. */
  mayBeSentAgain(error: unknown): boolean;
  /** That what was done under the key may be forgotten. */
  isExpired?(key: IdempotencyKey): boolean;
}

/** Runs what is sent to a printer when it is its turn, and keeps the turn until it is known what became of it. Throws `PrinterBusy`. */
export interface Turns {
  run<T>(submission: Submission, work: (turn: PrinterTurn) => Promise<T>): Promise<T>;
  /** What the upstream shows to have come of it so far: its outcome is written down, in its turn, where something did. */
  look(
    id: string,
    sent: Dispatched,
    turn: PrinterTurn,
  ): Promise<StoredResponse | 'nothing' | 'not to be found out'>;
}

/** Does what is sent under a key once: the rule, in order. */
export class Once {
  constructor(
    private readonly claims: ClaimRegistry,
    private readonly turns: Turns,
    private readonly proofs: Proofs,
  ) {}

  /**
   * Sends, or gives back the answer of before. Throws `KeyExpired`, `RequestRunning`, `OutcomeStillUnknown`, `KeyReused`, `PrinterBusy`,
   * `StoreUnavailable` or what a demand is refused with without sending; what `send` throws when nothing was done; otherwise
   * `OutcomeUnknown`.
   */
  async run(submission: Submission, work: Work): Promise<Done> {
    if (this.proofs.isExpired?.(submission.key)) throw new KeyExpired();
    try {
      return await this.claimAndSend(submission, work, true);
    } catch (error) {
      throw error instanceof Lost ? new OutcomeUnknown(error.cause, { isKeyed: true }) : error;
    }
  }

  /**
   * Sends what has no key of the caller's, and keeps track of it all the same. Throws `PrinterBusy`, `StoreUnavailable` and
   * what a demand or `admit` refuses it with without sending, and the `Problem` that `send` throws, or `OutcomeUnknown`.
   */
  async runWithoutKey(submission: Submission, work: Work): Promise<Done> {
    if (this.claims.sendsUnclaimed()) return this.sendUnclaimed(submission, work);
    try {
      return await this.claimAndSend(submission, work, false);
    } catch (error) {
      // It was not known yet that the Store is away: nothing was sent.
      if (error instanceof StoreUnavailable && this.claims.sendsUnclaimed())
        return this.sendUnclaimed(submission, work);
      // What is no answer for a caller, and means just that, is told as such.
      if (error instanceof Lost)
        throw error.cause instanceof Problem
          ? error.cause
          : new OutcomeUnknown(error.cause, { isKeyed: false });
      throw error;
    }
  }

  private async claimAndSend(submission: Submission, work: Work, isKeyed: boolean): Promise<Done> {
    const token = randomUUID();
    const claim = await this.claims.claim(submission, { token, demands: work.demands?.(token) ?? [] });
    if (claim === 'running') throw new RequestRunning();
    if (claim === 'unknown') throw new OutcomeStillUnknown();
    if (claim === 'another-body') throw new KeyReused();
    if (!('state' in claim)) return { response: claim, isReplay: true };
    const run = { id: submissionId(submission), submission, claim, isKeyed, turn: undefined };
    return { response: await this.sendClaimed(run, work), isReplay: false };
  }

  /** While the Store is away, where the settings allow it: neither claim nor turn can be had. */
  private async sendUnclaimed(submission: Submission, work: Work): Promise<Done> {
    const token = randomUUID();
    await work.admit?.();
    const send = () => work.send(() => Promise.resolve(Infinity), submissionId(submission), token);
    const { response, note } = await send().catch((error: unknown) => {
      if (this.proofs.mayBeSentAgain(error)) return send();
      throw error;
    });
    if (note) await this.claims.note(note);
    return { response, isReplay: false };
  }

  private async sendClaimed(run: Run, work: Work): Promise<StoredResponse> {
    const letGo = this.claims.holdOn(run.id, run.claim);
    try {
      if (run.submission.operation !== 'print') return await this.send(run, work);
      return await this.turns.run(run.submission, (turn) => this.send(Object.assign(run, { turn }), work));
    } catch (error) {
      // Nothing was sent, and the key is free again. What was sent has its end written down already.
      if (!run.sent) await this.free(run, work);
      throw error;
    } finally {
      letGo();
    }
  }

  private async send(run: Run, work: Work, isSecond = false): Promise<StoredResponse> {
    try {
      const answered = await work.send(() => this.mark(run, work), run.id, run.claim.token);
      if (run.sent && (await this.claims.complete(run, run.sent, answered)) === 'job-of-another') {
        work.distrust?.();
        throw new JobOfAnother();
      }
      return answered.response;
    } catch (error) {
      if (!run.sent) return this.takeBack(run, error, work);
      const { sent, turn } = run;
      if (!turn || !this.proofs.mayBeSentAgain(error)) return this.conclude(run, sent, error, work);
      const sendAgain = () => (isSecond ? this.conclude(run, sent, error, work) : this.send(run, work, true));
      return (await this.look(run, sent, turn)) ?? sendAgain();
    }
  }

  /** The upstream has refused it, and may have done it all the same. A failure to look proves nothing. */
  private async look(run: Run, sent: Dispatched, turn: PrinterTurn): Promise<StoredResponse | undefined> {
    const found = await this.turns
      .look(run.id, sent, turn)
      .catch((error: unknown) => this.loseTrack(run, sent, error));
    return typeof found === 'object' ? found : undefined;
  }

  /** It was given up before its mark was answered. Nothing is sent after a call is over, so what the mark says is taken back. */
  private async takeBack(run: Run, error: unknown, work: Work): Promise<never> {
    await run.marking?.catch(() => 0);
    if (run.sent) await this.free(run, work);
    throw error;
  }

  /** Writes down that nothing was done, where that is proven, or that it is not known. */
  private async conclude(run: Run, sent: Dispatched, error: unknown, work: Work): Promise<never> {
    if (this.proofs.provesNothingDone(error)) {
      await this.free(run, work);
      throw error;
    }
    return this.loseTrack(run, sent, error);
  }

  /** Nothing was done. What was prepared is taken back first: should this process die in between, it is taken back with the key. */
  private async free(run: Run, work: Work): Promise<void> {
    await Promise.all([work.undo(run.claim.token), this.claims.release(run, run.sent)]);
  }

  private async loseTrack(run: Run, sent: Dispatched, error: unknown): Promise<never> {
    if (run.turn) run.turn.open = { id: run.id, token: sent.token };
    await this.claims.loseTrack(run.id, sent);
    throw new Lost(error);
  }

  private mark(run: Run, work: Work): Promise<number> {
    run.marking = run.sent ? this.markAgain(run, run.sent) : this.markFirst(run, work);
    return run.marking;
  }

  private async markFirst(run: Run, work: Work): Promise<number> {
    const { sent, sendBeforeMs } = await this.claims.mark(run, work.keeping?.(run.claim.token));
    run.sent = sent;
    return sendBeforeMs;
  }

  private async markAgain(run: Run, before: Dispatched): Promise<number> {
    const { sent, sendBeforeMs } = await this.claims.markAgain(run, before);
    run.sent = sent;
    return sendBeforeMs;
  }
}

/** A submission on its way, and its mark once there is one. */
interface Run extends OnItsWay {
  turn: PrinterTurn | undefined;
  marking?: Promise<number>;
  sent?: Dispatched;
}

/** The answer was lost; `cause` is how. */
class Lost extends Error {
  constructor(cause: unknown) {
    super('the answer was lost', { cause });
  }
}

class JobOfAnother extends Error {
  constructor() {
    super('the upstream answered with the job of another submission');
  }
}
