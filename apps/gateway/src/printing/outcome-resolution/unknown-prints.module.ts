import { Module } from '@nestjs/common';
import { JobRegistryModule } from '#libs/jobs';
import { IdempotencyModule } from '../idempotency.module.js';
import { UpstreamModule } from '../../upstream/upstream.module.js';
import { OutcomesModule } from './outcomes.module.js';
import { UnknownPrintsResolver } from './resolver.js';
import { UnknownPrintsController } from './unknown-prints.controller.js';
import { UnknownPrintsService } from './unknown-prints.service.js';

@Module({
  imports: [JobRegistryModule, IdempotencyModule, OutcomesModule, UpstreamModule],
  controllers: [UnknownPrintsController],
  providers: [UnknownPrintsService, UnknownPrintsResolver],
})
export class UnknownPrintsModule {}
