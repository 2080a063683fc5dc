import { Module } from '@nestjs/common';
import { JobRegistryModule } from '#libs/jobs';
import { PolicyModule } from '#libs/policy';
import { StatusModule } from '../status/status.module.js';
import { Cursors } from './cursors.js';
import { Followers } from './followers.js';
import { JobEventsService } from './job-events.service.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { LastStatuses } from './last-statuses.js';

@Module({
  imports: [JobRegistryModule, PolicyModule, StatusModule],
  controllers: [JobsController],
  providers: [JobsService, JobEventsService, LastStatuses, Cursors, Followers],
})
export class JobsModule {}
