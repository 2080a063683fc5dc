import type { CachedResponse, CacheOutcome } from './cached-response.js';

const NAME = 'print-gateway';

const SAID: Record<CacheOutcome, string> = {
  hit: 'hit',
  'stale-while-revalidate': 'hit',
  'stale-if-error': 'fwd=stale',
  miss: 'fwd=miss',
  revalidated: 'fwd=stale',
  request: 'fwd=request',
  collapsed: 'fwd=miss; collapsed',
};

/** How the answer came about (RFC 9211). `ttl` is what is left of its freshness in seconds, negative when it is stale. */
export function cacheStatus({ entry, outcome }: CachedResponse, nowMs: number): string {
  const ttl = Math.floor(entry.freshForMs(nowMs) / 1000);
  const detail = outcome.startsWith('stale') ? `; detail=${outcome}` : '';
  return `${NAME}; ${SAID[outcome]}; ttl=${ttl}${detail}`;
}
