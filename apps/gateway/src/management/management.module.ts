import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { IdaasModule } from '#libs/idaas';
import { PolicyModule } from '#libs/policy';
import { OutcomesModule } from '../unknown-prints/outcomes.module.js';
import { Drain } from './drain.js';
import { ManagementServer } from './management.server.js';
import { Readiness } from './readiness.js';
import { UnexpectedErrors } from './unexpected-errors.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), PolicyModule, IdaasModule, OutcomesModule],
  providers: [ManagementServer, Readiness, Drain, UnexpectedErrors],
})
export class ManagementModule {}
