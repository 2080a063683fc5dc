export type { Answer } from './answer.js';
export { CacheEntry } from './cache-entry.js';
export { cacheStatus } from './cache-status-header.js';
export { CacheConfig } from './cache.config.js';
export { CacheModule } from './cache.module.js';
export { etagOf, matchesEtag } from './etag.js';
export type { Lifetime } from './lifetime.js';
export { ReadThroughCache, type Demand } from './read-through.cache.js';
export type { Fetched, Source } from './source.js';
