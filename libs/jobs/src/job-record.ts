import type { PrinterId, PrintStatusId } from '#libs/contract';

/** Who a job belongs to: a subject is unique within its issuer only, and so is a tenant. */
export interface JobOwner {
  readonly issuer: string;
  readonly subject: string;
  readonly tenant: string | undefined;
}

/** What is known of a job that was printed through the gateway. It never changes. */
export interface JobRecord {
  readonly id: PrintStatusId;
  readonly owner: JobOwner;
  readonly printerId: PrinterId;
  readonly createdAtMs: number;
  /** The caller's own name for it. */
  readonly label: string | undefined;
}

export function encodeJob(job: JobRecord): string {
  return JSON.stringify(job);
}

/** Reads what {@link encodeJob} wrote. */
export function decodeJob(encoded: string): JobRecord {
  const { owner, ...job } = JSON.parse(encoded) as JobRecord;
  return { ...job, owner: { ...owner, tenant: owner.tenant }, label: job.label };
}
