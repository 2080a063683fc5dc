import type { Identity } from '#libs/contract';

/** Who did it: a caller, the gateway itself, or who runs its commands. */
export type Actor = 'gateway' | 'operator' | (Identity & { readonly clientId: string | undefined });

/**
 * One print, update, cancel, resumption or settlement, refused ones too; or the erasure of a person (`forget`). Nothing of the card is in it: no image, no track, no APDU; nor
 * any token, and of an Idempotency-Key only a hash under a
 * secret of the installation.
 */
export interface AuditEvent {
  readonly at: string;
  readonly by: Actor;
  readonly operation: 'print' | 'updatePrint' | 'cancelPrint' | 'resumePrintJob' | 'settle' | 'forget';
  /** `refused` and `failed` by the status of the answer, 4xx or 5xx; `problem` then names its kind. */
  readonly outcome: 'done' | 'replayed' | 'refused' | 'failed' | 'printed' | 'not-printed' | 'late-job';
  readonly problem?: string | undefined;
  readonly printerId?: string | undefined;
  readonly printStatusId?: string | undefined;
  /** Of a settlement: which submission (a hash of its id, which could be guessed back to its key), and whose. */
  readonly submissionId?: string | undefined;
  readonly submitter?: Identity | undefined;
  /** Of a settlement by a person as not printed: that no job fits, that no list could be read, or that none was asked for (`force`). */
  readonly jobList?: 'no-job' | 'unreadable' | 'not-asked' | undefined;
  readonly copies?: number | undefined;
  /** What a print or an update contains: `print`, `magstripe`, `smartcard`; and how many commands for a chip. Never what they say. */
  readonly features?: readonly string[] | undefined;
  readonly commands?: number | undefined;
  /** Of an update, a cancel and a resumption: whose the job is, where it is not the caller's. */
  readonly owner?: Identity | undefined;
  /** Of an erasure: how many jobs, audit events and counters, and how much had to stay. Nothing says of whom. */
  readonly erased?: Readonly<Record<'jobs' | 'events' | 'counters' | 'staying', number>> | undefined;
  readonly requestId?: string | undefined;
  /** From where it was asked for; the user agent only where it was refused or failed. */
  readonly clientAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly keyHash?: string | undefined;
}
