import { Module } from '@nestjs/common';
import { IdaasModule } from '#libs/idaas';
import { PolicyModule } from '#libs/policy';
import { OutcomesModule } from '../printing/outcome-resolution/outcomes.module.js';
import { ReadinessDrain } from './readiness-drain.js';
import { ManagementServer } from './management.server.js';
import { Readiness } from './readiness.js';
import { UnexpectedErrors } from './unexpected-errors.js';

@Module({
  imports: [PolicyModule, IdaasModule, OutcomesModule],
  providers: [ManagementServer, Readiness, ReadinessDrain, UnexpectedErrors],
})
export class ManagementModule {}
