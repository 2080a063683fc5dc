import type { JobRecord } from '#libs/jobs';
import type { KnownStatus } from '../status/known-statuses.js';

/** What a caller sees of a job. */
export interface JobView {
  readonly printStatusId: string;
  readonly printerId: string;
  readonly label: string | null;
  readonly createdAt: string;
  readonly owner: { readonly subject: string; readonly tenant: string | null };
  /** The last status that is known, and when it was learnt; null when none could be had. */
  readonly status: string | null;
  readonly statusAt: string | null;
}

export function jobView(job: JobRecord, last: KnownStatus | undefined): JobView {
  return {
    printStatusId: job.id,
    printerId: job.printerId,
    label: job.label ?? null,
    createdAt: new Date(job.createdAtMs).toISOString(),
    owner: { subject: job.owner.subject, tenant: job.owner.tenant ?? null },
    status: last?.status ?? null,
    statusAt: last ? new Date(last.atMs).toISOString() : null,
  };
}
