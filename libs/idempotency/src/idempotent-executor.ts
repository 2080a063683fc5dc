import { randomUUID } from 'node:crypto';
import { Problem } from '#libs/problem';
import { StoreUnavailable } from '#libs/store';
import type { ClaimedSubmission } from './claimed-submission.js';
import type { DispatchMark } from './dispatch-marker.js';
import type { ExecutionResult } from './execution-result.js';
import type { DispatchedRecord, StoredResponse } from './idempotency-record.js';
import {
  KeyExpired,
  KeyReused,
  OutcomeStillUnknown,
  OutcomeUnknown,
  RequestInProgress,
} from './idempotency.problems.js';
import type { IdempotencyRepository } from './idempotency.repository.js';
import type { ExecutionRules, IdempotentAction, TurnScheduler } from './idempotent-action.js';
import type { PrinterTurn } from './printer-turn.js';
import { submissionId, type Submission } from './submission.js';

export interface IdempotentResponse {
  readonly response: StoredResponse;
  readonly isReplay: boolean;
}

/** Does what is sent under a key once: the rule, in order. */
export class IdempotentExecutor {
  constructor(
    private readonly repository: IdempotencyRepository,
    private readonly scheduler: TurnScheduler,
    private readonly rules: ExecutionRules,
  ) {}

  /**
   * Executes, or replays the response of before. Throws `KeyExpired`, `RequestInProgress`, `OutcomeStillUnknown`, `KeyReused`, `PrinterBusy`,
   * `StoreUnavailable` or what a limit refuses it with without sending; what `execute` throws when nothing was done; otherwise
   * `OutcomeUnknown`.
   */
  async execute(submission: Submission, action: IdempotentAction): Promise<IdempotentResponse> {
    if (this.rules.isExpired?.(submission.key)) throw new KeyExpired();
    try {
      return await this.claimAndExecute(submission, action, true);
    } catch (error) {
      throw error instanceof OutcomeLost ? new OutcomeUnknown(error.cause, { isKeyed: true }) : error;
    }
  }

  /**
   * Executes what has no key of the caller's, and keeps track of it all the same. Throws `PrinterBusy`, `StoreUnavailable` and
   * what a limit or `admitWithoutStore` refuses it with without sending, and the `Problem` that `execute` throws, or `OutcomeUnknown`.
   */
  async executeWithoutKey(submission: Submission, action: IdempotentAction): Promise<IdempotentResponse> {
    if (this.repository.executesWithoutStore()) return this.executeWithoutStore(submission, action);
    try {
      return await this.claimAndExecute(submission, action, false);
    } catch (error) {
      // It was not known yet that the Store is away: nothing was sent.
      if (error instanceof StoreUnavailable && this.repository.executesWithoutStore())
        return this.executeWithoutStore(submission, action);
      // What is no answer for a caller, and means just that, is told as such.
      if (error instanceof OutcomeLost)
        throw error.cause instanceof Problem
          ? error.cause
          : new OutcomeUnknown(error.cause, { isKeyed: false });
      throw error;
    }
  }

  private async claimAndExecute(
    submission: Submission,
    action: IdempotentAction,
    isKeyed: boolean,
  ): Promise<IdempotentResponse> {
    const token = randomUUID();
    const charges = action.reserve?.(token) ?? [];
    const claimed = await this.repository.claimKey(submission, { token, charges });
    if (claimed === 'running') throw new RequestInProgress();
    if (claimed === 'unknown') throw new OutcomeStillUnknown();
    if (claimed === 'another-body') throw new KeyReused();
    if (!('state' in claimed)) return { response: claimed, isReplay: true };
    const id = submissionId(submission);
    const releaseWrites = action.compensate?.(token) ?? [];
    const execution = { id, submission, record: claimed, isKeyed, turn: undefined, releaseWrites };
    return { response: await this.executeClaimed(execution, action), isReplay: false };
  }

  /** While the Store is away, where the settings allow it: neither key nor turn can be had. */
  private async executeWithoutStore(
    submission: Submission,
    action: IdempotentAction,
  ): Promise<IdempotentResponse> {
    const token = randomUUID();
    await action.admitWithoutStore?.();
    const send = () => action.execute(() => Promise.resolve(Infinity), submissionId(submission), token);
    const { response, ownerWrite } = await send().catch((error: unknown) => {
      if (this.rules.isRetryable(error)) return send();
      throw error;
    });
    if (ownerWrite) await this.repository.writeOwner(ownerWrite);
    return { response, isReplay: false };
  }

  private async executeClaimed(execution: Execution, action: IdempotentAction): Promise<StoredResponse> {
    const { id, record, submission } = execution;
    const stopRenewing = this.repository.keepAlive(id, record);
    try {
      if (submission.operation !== 'print') return await this.send(execution, action);
      const inTurn = (turn: PrinterTurn) => this.send(Object.assign(execution, { turn }), action);
      return await this.scheduler.runInTurn(submission, inTurn);
    } catch (error) {
      // Nothing was sent, and the key is free again. What was sent has its end written down already.
      if (!execution.sent) await this.repository.releaseKey(execution);
      throw error;
    } finally {
      stopRenewing();
    }
  }

  private async send(
    execution: Execution,
    action: IdempotentAction,
    isSecond = false,
  ): Promise<StoredResponse> {
    const { id, record } = execution;
    try {
      const result = await action.execute(() => this.markDispatched(execution, action), id, record.token);
      if (execution.sent) await this.complete(execution, execution.sent, result, action);
      return result.response;
    } catch (error) {
      const { sent, turn } = execution;
      if (!sent) return this.revokeDispatch(execution, error);
      if (!turn || !this.rules.isRetryable(error)) return this.conclude(execution, sent, error);
      const found = await this.findOutcome(execution, sent, turn);
      if (found) return found;
      return isSecond ? this.conclude(execution, sent, error) : this.send(execution, action, true);
    }
  }

  /** Throws `JobConflict` for a response that cannot be this submission's. */
  private async complete(
    execution: Execution,
    sent: DispatchedRecord,
    result: ExecutionResult,
    action: IdempotentAction,
  ): Promise<void> {
    if ((await this.repository.completeKey(execution, sent, result)) !== 'job-conflict') return;
    action.onCrossedResponse?.();
    throw new JobConflict();
  }

  /** The upstream has refused it, and may have done it all the same. A failure to look proves nothing. */
  private async findOutcome(
    execution: Execution,
    sent: DispatchedRecord,
    turn: PrinterTurn,
  ): Promise<StoredResponse | undefined> {
    const found = await this.scheduler
      .findOutcome(execution.id, sent, turn)
      .catch((error: unknown) => this.markUnknown(execution, sent, error));
    return typeof found === 'object' ? found : undefined;
  }

  /** It was given up before its mark was answered. Nothing is sent after a call is over, so what the mark says is taken back. */
  private async revokeDispatch(execution: Execution, error: unknown): Promise<never> {
    await execution.dispatching?.catch(() => 0);
    if (execution.sent) await this.repository.releaseKey(execution, execution.sent);
    throw error;
  }

  /** Writes down that nothing was done, where that is proven, or that it is not known. */
  private async conclude(execution: Execution, sent: DispatchedRecord, error: unknown): Promise<never> {
    if (!this.rules.isNotExecuted(error)) return this.markUnknown(execution, sent, error);
    await this.repository.releaseKey(execution, sent);
    throw error;
  }

  private async markUnknown(execution: Execution, sent: DispatchedRecord, error: unknown): Promise<never> {
    if (execution.turn) execution.turn.inFlight = { id: execution.id, token: sent.token };
    await this.repository.markUnknown(execution.id, sent);
    throw new OutcomeLost(error);
  }

  private markDispatched(execution: Execution, action: IdempotentAction): Promise<number> {
    execution.dispatching = this.dispatch(execution, action);
    return execution.dispatching;
  }

  private async dispatch(execution: Execution, action: IdempotentAction): Promise<number> {
    const { sent, sendBeforeMs } = await this.writeDispatch(execution, action);
    execution.sent = sent;
    return sendBeforeMs;
  }

  private writeDispatch(execution: Execution, action: IdempotentAction): Promise<DispatchMark> {
    if (execution.sent) return this.repository.renewDispatch(execution, execution.sent);
    return this.repository.markDispatched(execution, action.confirm?.(execution.record.token));
  }
}

/** A submission on its way, and its mark once there is one. */
interface Execution extends ClaimedSubmission {
  turn: PrinterTurn | undefined;
  dispatching?: Promise<number>;
  sent?: DispatchedRecord;
}

/** The response was lost; `cause` is how. */
class OutcomeLost extends Error {
  constructor(cause: unknown) {
    super('the answer was lost', { cause });
  }
}

class JobConflict extends Error {
  constructor() {
    super('the upstream answered with the job of another submission');
  }
}
