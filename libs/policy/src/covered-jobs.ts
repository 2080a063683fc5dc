import type { Permission } from '#libs/contract';
import type { Caller } from './caller.js';
import type { JobDemand, JobInQuestion } from './job-coverage.js';

/** Tells of each job whether one role of the caller has this permission and covers it (`Grant.coversJob`). */
export function jobsCoveredFor(
  { principal, grant }: Caller,
  permission: Permission,
  demand?: JobDemand,
): (job: JobInQuestion | undefined) => boolean {
  return (job) => grant.coversJob(permission, principal, job, demand);
}
