import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { PrintStatusId } from '#libs/contract';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { CALLS_UPSTREAM, OF_ONE, SHARED_STATE } from '../openapi/problem-sets.js';
import { PrintStatusIdParam } from '../server/request/id-params.js';
import { ValidatedQuery } from '../server/request/validated-params.js';
import { BasicPrintResponse } from '../status/basic-print-response.dto.js';
import { JobEventsService } from './job-events.service.js';
import { JobsPage } from './job.dto.js';
import { JobsQuery } from './jobs-query.dto.js';
import { JobsService } from './jobs.service.js';

/** Jobs that were printed through the gateway. */
@Controller('api/gateway/v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly events: JobEventsService,
  ) {}

  /** Lists the jobs that the caller sees, newest first. */
  @Get()
  @Requires('ISSUANCE:VIEW')
  @ApiProblems('invalid-request', 'jobs-not-granted', ...SHARED_STATE)
  listJobs(@ValidatedQuery() query: JobsQuery, @CurrentCaller() caller: Caller): Promise<JobsPage> {
    return this.jobs.list(query, caller);
  }

  /** Follows a job as Server-Sent Events: status, then end, token-expired or reconnect. */
  @Get(':printStatusId/events')
  @Requires('ISSUANCE:VIEW')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event you saw.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'The data of a `status` event.',
    content: { 'text/event-stream': { schema: { $ref: getSchemaPath(BasicPrintResponse) } } },
  })
  @ApiProblems('too-many-streams', 'no-more-streams', ...OF_ONE, ...SHARED_STATE, ...CALLS_UPSTREAM)
  followJob(
    @PrintStatusIdParam() id: PrintStatusId,
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastSeen: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    return this.events.follow(id, caller, lastSeen, reply);
  }
}
