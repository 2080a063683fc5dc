import type { CacheEntry } from './cache-entry.js';

/**
 * A place of somebody's own for this process's copy of an answer, from which it is read again without being looked for
 * (`ReadThroughCache.putAtHand`). The cache empties it when it gives the copy up: nothing outdated is found in it, and no
 * text stays in memory that the cache's bounds do not count.
 */
export interface EntryPlace {
  entry: CacheEntry | undefined;
  /**
   * When the copy is fresh no longer, or to be looked for in the shared state, in milliseconds since the cache was made: for
   * weeks this is a number that V8 keeps in the object itself, not somewhere else in memory.
   */
  servedUntilMs: number;
}
