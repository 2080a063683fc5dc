import { createHash } from 'node:crypto';
import type { PrintStatusId } from '#libs/contract';
import type { JobOwner } from './job-record.js';

/** In braces stands what keeps all keys of one job in one slot of a cluster. */
export function jobKey(id: PrintStatusId): string {
  return `{${id}}:job`;
}

/** The indices that list a job, newest first: its owner's, its tenant's, and everybody's. */
export function indexKeysOf({ issuer, subject, tenant }: JobOwner): string[] {
  const own = `jobs:own:{${digestOf([issuer, tenant ?? null, subject])}}`;
  const tenants = tenant === undefined ? [] : [`jobs:tenant:{${digestOf([issuer, tenant])}}`];
  return [own, ...tenants, 'jobs:any'];
}

/** As JSON the parts cannot run into one another, whatever they contain. */
function digestOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
