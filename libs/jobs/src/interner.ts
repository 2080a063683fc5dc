import { LRUCache } from 'lru-cache';

const MAX_VALUES = 20_000;

/** One object for what many jobs have in common: a hundred thousand copies of the same names would only fill memory. */
export class Interner<T extends object | string> {
  private readonly values = new LRUCache<string, T>({ max: MAX_VALUES });

  /** `nameOf` is the same for values that are alike, and for no others. */
  constructor(private readonly nameOf: (value: T) => string) {}

  /** The same value, as the object that all others have. */
  of(value: T): T {
    const name = this.nameOf(value);
    const shared = this.values.get(name);
    if (shared === undefined) this.values.set(name, value);
    return shared ?? value;
  }

  /** Nothing new has this object in common any more. */
  delete(value: T): void {
    this.values.delete(this.nameOf(value));
  }
}
