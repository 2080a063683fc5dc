import type { Condition, Write } from '#libs/store';
import type { StoredResponse } from './idempotency-record.js';

/** Writes whose a job is, together with an outcome. Made only where the job is nobody's yet. */
export interface OwnerWrite {
  readonly condition: Condition;
  readonly writes: readonly Write[];
  /** Whether what stands there already says the same. */
  isSatisfiedBy(found: string | undefined): boolean;
  /** It cannot be written yet: it will be, unless there is a conflict. */
  onDeferred?(): void;
  /** It stands there now. */
  onWritten?(): void;
  /** The job is another submission's. */
  onConflict?(): void;
}

/** What is written in one step with an outcome, and depends on nothing. */
export interface AdditionalWrite {
  readonly writes: readonly Write[];
  /** It stands there now, or will as soon as it can. */
  onWritten(): void;
}

/** The response to what was sent, and what is written with it. */
export interface ExecutionResult {
  readonly response: StoredResponse;
  readonly ownerWrite?: OwnerWrite | undefined;
  readonly additionalWrite?: AdditionalWrite | undefined;
}
