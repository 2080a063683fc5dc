import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrintStatusId } from '#libs/contract';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { PrintStatusIdParam } from '../server/request/id-params.js';
import { ValidatedQuery } from '../server/request/validated-params.js';
import { JobEventsService } from './job-events.service.js';
import { JobsQuery } from './jobs-query.dto.js';
import { JobsService } from './jobs.service.js';

/** Jobs that were printed through the gateway. */
@Controller('api/gateway/v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly events: JobEventsService,
  ) {}

  @Get()
  @Requires('ISSUANCE:VIEW')
  listJobs(@ValidatedQuery() query: JobsQuery, @CurrentCaller() caller: Caller) {
    return this.jobs.list(query, caller);
  }

  @Get(':printStatusId/events')
  @Requires('ISSUANCE:VIEW')
  followJob(
    @PrintStatusIdParam() id: PrintStatusId,
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastSeen: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    return this.events.follow(id, caller, lastSeen, reply);
  }
}
