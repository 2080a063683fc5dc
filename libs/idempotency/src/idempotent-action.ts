import type { Take, Write } from '#libs/store';
import type { ExecutionResult } from './execution-result.js';
import type { DispatchedRecord, StoredResponse } from './idempotency-record.js';
import type { IdempotencyKey } from './idempotency-key.js';
import type { LimitCharge } from './limit-charge.js';
import type { PrinterTurn } from './printer-turn.js';
import type { Submission } from './submission.js';

/**
 * To be called when all is ready for the first byte, which then leaves at once: until when, by `performance.now()`. Throws, and nothing may
 * be sent.
 */
export type MarkDispatched = () => Promise<number>;

/** What is done once. `token` names this attempt to send, and no other. */
export interface IdempotentAction {
  /** What is taken of limits in one step with the key, in the order in which it is refused. */
  reserve?(token: string): readonly LimitCharge[];
  /** Where no key can be claimed, and it is to be sent all the same: throws what speaks against that. */
  admitWithoutStore?(): Promise<void> | undefined;
  /** What is confirmed of what was reserved, in one step with the mark. Where it is not reserved any more nothing is sent. */
  confirm?(token: string): Take | undefined;
  /** Sends what `submissionId` names wherever its outcome is looked for. */
  execute(markDispatched: MarkDispatched, submissionId: string, token: string): Promise<ExecutionResult>;
  /** What gives back what was reserved, where nothing was done: in one step with the release of the key. Changes nothing the second time. */
  compensate?(token: string): readonly Write[];
  /** The response was that to another request: so may be the next one over the same connection. */
  onCrossedResponse?(): void;
}

/** What the failure of a call proves, and what a key says. */
export interface ExecutionRules {
  /** That nothing was done. */
  isNotExecuted(error: unknown): boolean;
  /** That it was refused for the gateway's own credentials, which are new now: it may be sent once more, where nothing came of it. */
  isRetryable(error: unknown): boolean;
  /** That what was done under the key may be forgotten. */
  isExpired?(key: IdempotencyKey): boolean;
}

/** Runs what is sent to a printer when it is its turn, and keeps the turn until it is known what became of it. Throws `PrinterBusy`. */
export interface TurnScheduler {
  runInTurn<T>(submission: Submission, work: (turn: PrinterTurn) => Promise<T>): Promise<T>;
  /** What the upstream shows to have come of it so far: its outcome is written down, in its turn, where something did. */
  findOutcome(
    id: string,
    sent: DispatchedRecord,
    turn: PrinterTurn,
  ): Promise<StoredResponse | 'nothing' | 'inconclusive'>;
}
