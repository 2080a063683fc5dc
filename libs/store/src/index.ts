export { Lease, type GiveBack } from './lease.js';
export { MemoryStore } from './memory.store.js';
export { RedisStore } from './redis.store.js';
export { redisUrl } from './redis-target.js';
export { StoreConfig } from './store.config.js';
export { Store, type Claim, type Look, type Reservation } from './store.js';
export { StoreModule } from './store.module.js';
export { StoreFull, StoreUnavailable } from './store.problems.js';
export { WriteBehind } from './write-behind.js';
