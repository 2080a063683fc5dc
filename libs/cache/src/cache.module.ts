import { Global, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Store } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import { CacheConfig } from './cache.config.js';
import { ReadThroughCache } from './read-through.cache.js';

const cache: Provider = {
  provide: ReadThroughCache,
  inject: [Store, CacheConfig, Metrics],
  useFactory: (store: Store, config: CacheConfig, metrics: Metrics) => {
    const answers = metrics.counter('cache_answers_total', 'Cached reads, by kind and how they came about.', [
      'kind',
      'outcome',
    ]);
    const observe = (kind: string, outcome: string) => answers.inc({ kind, outcome });
    return new ReadThroughCache(store.expendable, config, () => Date.now(), observe);
  },
};

@Global()
@Module({ providers: [cache], exports: [ReadThroughCache] })
export class CacheModule implements OnApplicationShutdown {
  constructor(private readonly cache: ReadThroughCache) {}

  onApplicationShutdown(): void {
    this.cache.close();
  }
}
