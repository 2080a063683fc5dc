import { Module } from '@nestjs/common';
import { JobRegistry } from './job.registry.js';

@Module({ providers: [JobRegistry], exports: [JobRegistry] })
export class JobRegistryModule {}
