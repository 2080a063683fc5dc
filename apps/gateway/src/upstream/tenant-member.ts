import { tenantKey, type Identity } from '#libs/contract';
import type { Member } from '#libs/limits';

/** What the gateway does for itself, on nobody's account. */
export const GATEWAY: Member = { tenant: 'gateway', name: 'gateway' };

/** With whom a caller shares what is shared fairly: first tenants with one another, then the users of each. Those without one are one. */
export function tenantMember(caller: Identity): Member {
  return { tenant: tenantKey(caller), name: caller.subject };
}
