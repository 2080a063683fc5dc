import { ResourceNotFound } from '#libs/problem';
import type { CacheEntry } from './cache-entry.js';

/** How an answer came about (RFC 9211): from the cache, fresh or stale, or from the upstream, and why. */
export type CacheOutcome =
  'hit' | 'stale-while-revalidate' | 'stale-if-error' | 'miss' | 'revalidated' | 'request' | 'collapsed';

export interface CachedResponse {
  readonly entry: CacheEntry & { readonly text: string };
  readonly outcome: CacheOutcome;
}

/** Throws `ResourceNotFound` for an entry that says that the upstream knows no such thing. */
export function cachedResponse(entry: CacheEntry, outcome: CacheOutcome): CachedResponse {
  if (entry.text === undefined) throw new ResourceNotFound();
  return { entry: entry as CachedResponse['entry'], outcome };
}
