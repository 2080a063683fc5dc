import { Module } from '@nestjs/common';
import { AuditModule } from '#libs/audit';
import { JobsModule } from '#libs/jobs';
import { OnceModule } from '../print/once.module.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { Resolution } from './resolution.js';
import { UnknownPrintsResolver } from './resolver.js';
import { SettlementService } from './settlement.service.js';
import { UnknownPrintsController } from './unknown-prints.controller.js';
import { UnknownPrintsService } from './unknown-prints.service.js';

@Module({
  imports: [AuditModule, JobsModule, OnceModule, UpstreamModule],
  controllers: [UnknownPrintsController],
  providers: [UnknownPrintsService, SettlementService, Resolution, UnknownPrintsResolver],
})
export class UnknownPrintsModule {}
