import { Module } from '@nestjs/common';
import { LimitsModule } from '#libs/limits';
import { JobRegistryModule } from '#libs/jobs';
import { AuthModule } from '#libs/auth';
import { PolicyModule } from '#libs/policy';
import { IdempotencyModule } from '../printing/idempotency.module.js';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { KnownStatuses } from './known-statuses.js';
import { PollPayers } from './poll-payers.js';
import { StatusController } from './status.controller.js';
import { StatusHistory } from './status.history.js';
import { StatusMessages } from './status.messages.js';
import { StatusPoller } from './status.poller.js';
import { StatusReader } from './status.reader.js';
import { StatusService } from './status.service.js';
import { StatusUpstream } from './status.upstream.js';
import { StatusWatcher } from './status.watcher.js';
import { StayingCallers } from './staying-callers.js';

@Module({
  imports: [IdempotencyModule, AuthModule, PolicyModule, UpstreamModule, JobRegistryModule, LimitsModule],
  controllers: [StatusController],
  providers: [
    KnownStatuses,
    PollPayers,
    StayingCallers,
    StatusReader,
    StatusUpstream,
    StatusHistory,
    StatusMessages,
    StatusPoller,
    StatusWatcher,
    StatusService,
  ],
  exports: [KnownStatuses, StayingCallers, StatusReader, StatusWatcher, StatusService],
})
export class StatusModule {}
