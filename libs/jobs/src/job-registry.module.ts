import { Module, type Provider } from '@nestjs/common';
import { Store } from '#libs/store';
import { JobRegistry } from './job.registry.js';
import { JobsConfig } from './jobs.config.js';

const registry: Provider = {
  provide: JobRegistry,
  inject: [Store, JobsConfig],
  useFactory: (store: Store, config: JobsConfig) => new JobRegistry(store, config),
};

@Module({ providers: [registry], exports: [JobRegistry] })
export class JobRegistryModule {}
