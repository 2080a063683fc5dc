import { Module, type Provider } from '@nestjs/common';
import { Store, WriteBehind } from '#libs/store';
import { JobRegistry } from './job.registry.js';
import { JobsConfig } from './jobs.config.js';

const registry: Provider = {
  provide: JobRegistry,
  inject: [Store, WriteBehind, JobsConfig],
  useFactory: (store: Store, unwritten: WriteBehind, config: JobsConfig) =>
    new JobRegistry(store, unwritten, config),
};

@Module({ providers: [registry], exports: [JobRegistry] })
export class JobsModule {}
