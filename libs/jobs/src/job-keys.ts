import { digestOf, type Identity, type PrintStatusId } from '#libs/contract';

/** In braces stands what keeps all keys of one job in one slot of a cluster. */
export function jobKey(id: PrintStatusId): string {
  return `{${id}}:job`;
}

export const EVERYBODYS_JOBS = 'jobs:any';

/** The indices that list a job, newest first: its owner's, its tenant's, and everybody's. */
export function indexKeysOf({ issuer, subject, tenant }: Identity): string[] {
  const own = `jobs:own:{${digestOf(issuer, tenant, subject)}}`;
  const tenants = tenant === undefined ? [] : [`jobs:tenant:{${digestOf(issuer, tenant)}}`];
  return [own, ...tenants, EVERYBODYS_JOBS];
}
