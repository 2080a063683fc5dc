import { Global, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Store } from '#libs/store';
import { CacheConfig } from './cache.config.js';
import { ReadThroughCache } from './read-through.cache.js';

const cache: Provider = {
  provide: ReadThroughCache,
  inject: [Store, CacheConfig],
  useFactory: (store: Store, config: CacheConfig) => new ReadThroughCache(store, config, () => Date.now()),
};

@Global()
@Module({ providers: [cache], exports: [ReadThroughCache] })
export class CacheModule implements OnApplicationShutdown {
  constructor(private readonly cache: ReadThroughCache) {}

  onApplicationShutdown(): void {
    this.cache.close();
  }
}
