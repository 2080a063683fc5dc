import { Module } from '@nestjs/common';
import { IdaasModule } from '#libs/idaas';
import { JobsModule } from '#libs/jobs';
import { StatusReader } from './status.reader.js';
import { StatusService } from './status.service.js';
import { StatusWatcher } from './status.watcher.js';

@Module({
  imports: [IdaasModule, JobsModule],
  providers: [StatusReader, StatusWatcher, StatusService],
  exports: [StatusReader, StatusService],
})
export class StatusModule {}
