import { Module } from '@nestjs/common';
import { AuditModule } from '#libs/audit';
import { JobRegistryModule } from '#libs/jobs';
import { IdempotencyRecordsModule } from '../idempotency-records.module.js';
import { UpstreamModule } from '../../upstream/upstream.module.js';
import { Investigation } from './investigation.js';
import { JoblessPrints } from './jobless-prints.js';
import { LateJobs } from './late-jobs.js';
import { NamedJob } from './named-job.js';
import { OutcomeSearch } from './outcome-search.js';
import { ResolutionState } from './resolution-state.js';
import { SettlementService } from './settlement.service.js';
import { UnfinishedSettlements } from './unfinished-settlements.js';
import { UpstreamJobs } from './upstream-jobs.js';

/** Finding out what became of prints, and writing it down. */
@Module({
  imports: [AuditModule, JobRegistryModule, IdempotencyRecordsModule, UpstreamModule],
  providers: [
    UpstreamJobs,
    JoblessPrints,
    LateJobs,
    NamedJob,
    OutcomeSearch,
    Investigation,
    UnfinishedSettlements,
    SettlementService,
    ResolutionState,
  ],
  exports: [LateJobs, NamedJob, OutcomeSearch, Investigation, SettlementService, ResolutionState],
})
export class OutcomesModule {}
