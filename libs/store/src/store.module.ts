import { Global, Logger, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { FilesConfig } from '#libs/config';
import { TlsFiles } from '#libs/network';
import { Metrics } from '#libs/telemetry';
import { MemoryStore } from './memory.store.js';
import { RedisStore } from './redis.store.js';
import { StoreClock } from './store-clock.js';
import { redisTarget, RedisTlsConfig, StoreConfig } from './store.config.js';
import { Store } from './store.js';
import { DeferredWrites } from './deferred-writes.js';

/** The certificates with which Redis is reached. */
class RedisCertificates extends TlsFiles {}

const certificates: Provider = {
  provide: RedisCertificates,
  inject: [RedisTlsConfig, FilesConfig],
  useFactory: (names: RedisTlsConfig, { pollMs }: FilesConfig) => new RedisCertificates(names, pollMs),
};

const store: Provider = {
  provide: Store,
  inject: [StoreConfig, RedisCertificates],
  useFactory: (config: StoreConfig, certificates: RedisCertificates): Store => {
    const target = redisTarget(config, () => certificates.secureContext);
    if (target) return new RedisStore(target, config);
    new Logger('Store').warn('REDIS_URL is not set: state is kept in this process and not shared');
    return new MemoryStore({ maxEntries: config.memoryEntries, now: () => Date.now() });
  },
};

const clock: Provider = { provide: StoreClock, useFactory: () => new StoreClock() };

@Global()
@Module({
  providers: [certificates, store, clock, DeferredWrites],
  exports: [Store, StoreClock, DeferredWrites],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(
    private readonly store: Store,
    private readonly deferred: DeferredWrites,
    metrics: Metrics,
  ) {
    metrics.gauge('redis_up', '1 while the shared state answers.', () => Number(store.isUp));
    metrics.gauge('redis_usable', '1 while the shared state takes writes.', () =>
      Number(store.isUp && store.trouble === undefined),
    );
    metrics.gauge('unwritten', 'Writes that wait for the shared state to come back.', () => deferred.count);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.deferred.close();
    await this.store.close();
  }
}
