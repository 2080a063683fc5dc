import {
  identityKey,
  JOB_SCOPES,
  tenantKey,
  type Identity,
  type JobScope,
  type PrintStatusId,
} from '#libs/contract';

/** What is kept of a job: its record, its status, the states that were seen of it, and who polls it. */
type KeptOfJob = 'job' | 'status' | 'history' | 'poller';

/** In braces stands what keeps all keys of one job in one slot of a cluster. */
export function keyOfJob(id: PrintStatusId, kept: KeptOfJob): string {
  return `{${id}}:${kept}`;
}

export const EVERYBODYS_JOBS = 'jobs:any';

/** The indices that list a job, newest first: its owner's, its tenant's, and everybody's. */
export function indexKeysOf(owner: Identity): string[] {
  return JOB_SCOPES.map((scope) => indexKey(scope, owner)).filter((key) => key !== undefined);
}

/** The index that lists what this caller sees in this scope; undefined for the tenant of who has none. */
export function indexKey(scope: JobScope, caller: Identity): string | undefined {
  if (scope === 'any') return EVERYBODYS_JOBS;
  if (scope === 'own') return `jobs:own:{${identityKey(caller)}}`;
  return caller.tenant === undefined ? undefined : `jobs:tenant:{${tenantKey(caller)}}`;
}
