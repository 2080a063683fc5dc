import type { Principal } from '#libs/auth';
import { LRUCache } from 'lru-cache';
import { Grant } from './grant.js';
import type { Policy } from './policy-file.js';

const MAX_ROLE_SETS = 1_000;

/** What callers may do under one policy: worked out once for each set of roles, and found again by the verified token. */
export class Grants {
  private readonly byPrincipal = new WeakMap<Principal, Grant>();
  /** Thousands of callers have few sets of roles between them: one grant for all of a set stays close at hand. */
  private readonly byRoles = new LRUCache<string, Grant>({ max: MAX_ROLE_SETS });

  constructor(private readonly roles: Policy['roles']) {}

  of(principal: Principal): Grant {
    const known = this.byPrincipal.get(principal);
    if (known) return known;
    const grant = this.ofRoles([...new Set(principal.roles)].filter((name) => this.roles.has(name)).sort());
    this.byPrincipal.set(principal, grant);
    return grant;
  }

  private ofRoles(names: readonly string[]): Grant {
    const key = JSON.stringify(names);
    const known = this.byRoles.get(key);
    if (known) return known;
    const grant = new Grant(names.map((name) => this.roles.get(name)).filter((role) => role !== undefined));
    this.byRoles.set(key, grant);
    return grant;
  }
}
