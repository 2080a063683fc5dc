import type { Identity, JobScope } from '#libs/contract';
import type { JobRecord } from './job-record.js';

/** Whether a caller with this scope may see and change the job (OWASP API1:2023). */
export function maySee(caller: Identity, scope: JobScope, { owner }: JobRecord): boolean {
  if (scope === 'any') return true;
  if (owner.issuer !== caller.issuer) return false;
  if (owner.subject === caller.subject && owner.tenant === caller.tenant) return true;
  return scope === 'tenant' && caller.tenant !== undefined && owner.tenant === caller.tenant;
}
