import { Module } from '@nestjs/common';
import { AuditModule } from '#libs/audit';
import { JobsModule } from '#libs/jobs';
import { ClaimsModule } from '../print/claims.module.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { Investigation } from './investigation.js';
import { OutcomeSearch } from './outcome-search.js';
import { ResolutionState } from './resolution-state.js';
import { SettlementService } from './settlement.service.js';

/** Finding out what became of prints, and writing it down. */
@Module({
  imports: [AuditModule, JobsModule, ClaimsModule, UpstreamModule],
  providers: [OutcomeSearch, Investigation, SettlementService, ResolutionState],
  exports: [OutcomeSearch, Investigation, SettlementService, ResolutionState],
})
export class OutcomesModule {}
