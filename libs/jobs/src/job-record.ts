import type { Identity, PrinterId, PrintStatusId } from '#libs/contract';

/** What is known of a job that was printed through the gateway. It never changes, unless its owner is erased (`job-erasure.ts`). */
export interface JobRecord {
  readonly id: PrintStatusId;
  readonly owner: Identity;
  readonly printerId: PrinterId;
  readonly createdAtMs: number;
  /** The caller's own name for it. */
  readonly label: string | undefined;
  /** What it came of: tells, when its gateway died right after, that this was printed. */
  readonly submissionId: string;
  /** The cards of its owner's quota that were reserved for it, if any were: what is not printed of them is given back when it ends. */
  readonly reservation?: JobReservation | undefined;
}

interface JobReservation {
  readonly token: string;
  readonly cards: number;
  readonly atMs: number;
}

/** Nobody's job: stands in for one that is not there, where it must take as long to find nothing as to find another's job. */
export const NO_JOB: JobRecord = {
  id: '' as PrintStatusId,
  owner: { issuer: 'https://login.example.com/', subject: 'nobody', tenant: 'nowhere' },
  printerId: '00000000-0000-0000-0000-000000000000' as PrinterId,
  createdAtMs: 1_700_000_000_000,
  label: undefined,
  submissionId: '0000000000000000000000000000000000000000000000000000000000000000',
  reservation: { token: '00000000-0000-4000-8000-000000000000', cards: 1, atMs: 1_700_000_000_000 },
};

export function encodeJob(job: JobRecord): string {
  return JSON.stringify(job);
}

/** Reads what {@link encodeJob} wrote. */
export function decodeJob(encoded: string): JobRecord {
  return JSON.parse(encoded) as JobRecord;
}
