export { Leases, newLease } from './leases.js';
export { MemoryStore } from './memory.store.js';
export { RedisInventory } from './redis-inventory.js';
export { RedisStore } from './redis.store.js';
export { redisErrorKind } from './redis-errors.js';
export { RedisProbe } from './redis-probe.js';
export { SCRIPTS } from './redis-scripts.js';
export { redisUrl, type RedisTarget } from './redis-url.js';
export { StoreClock } from './store-clock.js';
export { redisTarget, RedisTlsConfig, StoreConfig } from './store.config.js';
export {
  Store,
  type Change,
  type Condition,
  type Lease,
  type Look,
  type Outcome,
  type Reservation,
  type Room,
  type Take,
  type Turn,
  type Write,
} from './store.js';
export { StoreModule } from './store.module.js';
export { StoreFull, StoreUnavailable } from './store.problems.js';
export { DeferredWrites } from './deferred-writes.js';
