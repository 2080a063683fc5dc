import type { Identity, JobScope } from '#libs/contract';
import type { JobRecord } from './job-record.js';

/** Whether a caller with this scope may see and change the job (OWASP API1:2023). */
export function maySee(caller: Identity, scope: JobScope, { owner }: JobRecord): boolean {
  if (scope === 'any') return true;
  if (owner.issuer !== caller.issuer || owner.tenant !== caller.tenant) return false;
  return (scope === 'tenant' && caller.tenant !== undefined) || owner.subject === caller.subject;
}
