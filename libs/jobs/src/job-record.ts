import type { Identity, PrinterId, PrintStatusId } from '#libs/contract';

/** What is known of a job that was printed through the gateway. It never changes. */
export interface JobRecord {
  readonly id: PrintStatusId;
  readonly owner: Identity;
  readonly printerId: PrinterId;
  readonly createdAtMs: number;
  /** The caller's own name for it. */
  readonly label: string | undefined;
  /** What it came of: tells, when its gateway died right after, that this was printed. */
  readonly submissionId: string;
}

export function encodeJob(job: JobRecord): string {
  return JSON.stringify(job);
}

/** Reads what {@link encodeJob} wrote. */
export function decodeJob(encoded: string): JobRecord {
  return JSON.parse(encoded) as JobRecord;
}
