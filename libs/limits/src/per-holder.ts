import { LRUCache } from 'lru-cache';
import { identityKey, type Identity } from '#libs/contract';

const MAX_HOLDERS = 100_000;

/** Something that is kept of each caller, the same for all of the caller's tokens. Whoever was not seen for longest is forgotten first. */
export class PerHolder<T extends object> {
  private readonly byName = new LRUCache<string, T>({ max: MAX_HOLDERS });
  /** The same, found without working out a name: a verified token's principal is always the same object. */
  private readonly known = new WeakMap<Identity, T>();

  /** `create` is given a name that no two callers share. */
  constructor(private readonly create: (name: string) => T) {}

  of(holder: Identity): T {
    const known = this.known.get(holder);
    if (known) return known;
    const name = identityKey(holder);
    const kept = this.byName.get(name) ?? this.create(name);
    this.byName.set(name, kept);
    this.known.set(holder, kept);
    return kept;
  }
}
