import type { Identity } from '#libs/contract';
import type { Member } from '#libs/limits';

/** With whom a caller shares what is shared fairly: first tenants with one another, then the users of each. Those without one are one. */
export function tenantMember({ issuer, tenant, subject }: Identity): Member {
  return { party: `${issuer} ${tenant ?? ''}`, name: subject };
}
