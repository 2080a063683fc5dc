import type { Write } from '#libs/store';
import type { ClaimedRecord } from './idempotency-record.js';
import type { PrinterTurn } from './printer-turn.js';
import type { Submission } from './submission.js';

/** A submission whose key is claimed, and under which turn it is sent. */
export interface ClaimedSubmission {
  readonly id: string;
  readonly submission: Submission;
  /** Whether the caller gave the key, and can come back with it. */
  readonly isKeyed: boolean;
  readonly record: ClaimedRecord;
  /** Of its printer; what changes nothing that a printer does needs none. */
  readonly turn: PrinterTurn | undefined;
  /** What is written when its key is released because nothing was done: in one step, or it would be lost with who dies in between. */
  readonly releaseWrites: readonly Write[];
}
