import { Module } from '@nestjs/common';
import { useContainer } from 'class-validator';
import { AuditModule } from '#libs/audit';
import { PolicyModule } from '#libs/policy';
import { JobsModule } from '#libs/jobs';
import { StatusModule } from '../status/status.module.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { PrintAudit } from '../audit/print-audit.js';
import { CardImageConstraint } from './card-image.decorator.js';
import { OnceModule } from './once.module.js';
import { PrintCountsService } from './print-counts.service.js';
import { PrintController } from './print.controller.js';
import { PrintService } from './print.service.js';

@Module({
  imports: [AuditModule, PolicyModule, UpstreamModule, JobsModule, OnceModule, StatusModule],
  controllers: [PrintController],
  providers: [PrintService, PrintAudit, PrintCountsService, CardImageConstraint],
  exports: [PrintCountsService, StatusModule],
})
export class PrintModule {
  /** class-validator makes its own constraints; the one that has a setting comes from here. */
  constructor(constraint: CardImageConstraint) {
    const get = (type: unknown) => (type === CardImageConstraint ? constraint : undefined);
    useContainer({ get: get as never }, { fallback: true });
  }
}
