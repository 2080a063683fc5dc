import { Module } from '@nestjs/common';
import { AuditModule } from '#libs/audit';
import { PolicyModule } from '#libs/policy';
import { JobRegistryModule } from '#libs/jobs';
import { StatusModule } from '../status/status.module.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { PrintAudit } from '../audit/print-audit.js';
import { IdempotencyModule } from './idempotency.module.js';
import { PrintController } from './print.controller.js';
import { PrintService } from './print.service.js';

@Module({
  imports: [AuditModule, PolicyModule, UpstreamModule, JobRegistryModule, IdempotencyModule, StatusModule],
  controllers: [PrintController],
  providers: [PrintService, PrintAudit],
})
export class PrintModule {}
