import { LRUCache } from 'lru-cache';

const REMEMBERED = 10_000;

/**
 * Which keys were invalidated lately, so that an answer that was asked for before and arrives after is not kept.
 * A key that fell out of the memory counts as invalidated for whoever began before it did.
 */
export class Invalidations {
  private readonly byKey = new LRUCache<string, number>({
    max: REMEMBERED,
    dispose: (at) => (this.forgottenUpTo = Math.max(this.forgottenUpTo, at)),
  });
  private counter = 0;
  private forgottenUpTo = 0;

  /** The mark to remember when one begins to ask. */
  get now(): number {
    return this.counter;
  }

  note(key: string): void {
    this.counter += 1;
    this.byKey.set(key, this.counter);
  }

  happenedSince(mark: number, key: string): boolean {
    return this.forgottenUpTo > mark || (this.byKey.get(key) ?? 0) > mark;
  }
}
