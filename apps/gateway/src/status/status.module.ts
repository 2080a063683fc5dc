import { Module } from '@nestjs/common';
import { JobsModule } from '#libs/jobs';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { StatusHistory } from './status.history.js';
import { StatusReader } from './status.reader.js';
import { StatusService } from './status.service.js';
import { StatusUpstream } from './status.upstream.js';
import { StatusWatcher } from './status.watcher.js';
import { StatusesAtHand } from './statuses-at-hand.js';

@Module({
  imports: [UpstreamModule, JobsModule],
  providers: [StatusReader, StatusUpstream, StatusHistory, StatusWatcher, StatusesAtHand, StatusService],
  exports: [StatusReader, StatusWatcher, StatusService],
})
export class StatusModule {}
