import { LRUCache } from 'lru-cache';
import { digestOf, type Identity } from '#libs/contract';

const MAX_OWNERS = 20_000;

/** One object for all jobs of an owner: a hundred thousand copies of their names would only fill memory. */
export class SharedOwners {
  private readonly owners = new LRUCache<string, Identity>({ max: MAX_OWNERS });

  /** The same owner, as the object that all others have. */
  of(owner: Identity): Identity {
    const name = digestOf(owner.issuer, owner.tenant, owner.subject);
    const shared = this.owners.get(name);
    if (!shared) this.owners.set(name, owner);
    return shared ?? owner;
  }
}
