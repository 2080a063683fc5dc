import type { Identity, JobScope } from '#libs/contract';

/** Whether a caller with this scope may see and change a job of this owner, if it has one (OWASP API1:2023). */
export function maySee(caller: Identity, scope: JobScope, owner: Identity | undefined): boolean {
  if (scope === 'any') return true;
  if (owner?.issuer !== caller.issuer || owner.tenant !== caller.tenant) return false;
  return (scope === 'tenant' && caller.tenant !== undefined) || owner.subject === caller.subject;
}
