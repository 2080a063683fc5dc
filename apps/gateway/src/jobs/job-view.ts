import type { JobRecord } from '#libs/jobs';
import type { KnownStatus } from '../status/known-statuses.js';
import type { Job } from './job.dto.js';

/** What a caller sees of a job, with the last status that is known. */
export function jobView(job: JobRecord, last: KnownStatus | undefined): Job {
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
