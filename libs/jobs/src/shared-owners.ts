import { LRUCache } from 'lru-cache';
import type { Identity } from '#libs/contract';

/** One object for all jobs of an owner: a hundred thousand copies of their names would only fill memory. */
export class SharedOwners {
  private readonly owners: LRUCache<string, Identity>;

  constructor(max: number) {
    this.owners = new LRUCache({ max });
  }

  /** The same owner, as the object that all others have. */
  of(owner: Identity): Identity {
    const name = JSON.stringify([owner.issuer, owner.tenant, owner.subject]);
    const shared = this.owners.get(name) ?? owner;
    if (shared === owner) this.owners.set(name, owner);
    return shared;
  }
}
