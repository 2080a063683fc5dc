import { Controller, Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { PrintStatusId } from '#libs/contract';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { CALLS_UPSTREAM, OF_ONE, SHARED_STATE } from '../openapi/problem-sets.js';
import { RequestCacheDirectives, type CacheDirectives } from '../server/request/cache-directives.js';
import { PrintStatusIdParam } from '../server/request/id-params.js';
import { AnswersCached } from '../server/response/answers-cached.decorator.js';
import type { CachedRead } from '../server/response/cached-response.interceptor.js';
import { BasicPrintResponse } from './basic-print-response.dto.js';
import { StatusService } from './status.service.js';

/** The vendor's read of a job, on the vendor's path. */
@Controller('api/web/v1/printers/print')
export class StatusController {
  constructor(private readonly statuses: StatusService) {}

  /** Reads the status of a print job. */
  @Get(':printStatusId')
  @Requires('ISSUANCE:VIEW')
  @AnswersCached(BasicPrintResponse)
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`wait=N`, with If-None-Match: answers when the status is another one, or after N seconds (at most 60).',
  })
  @ApiProblems('precondition-failed', ...OF_ONE, ...SHARED_STATE, ...CALLS_UPSTREAM)
  getPrintStatus(
    @PrintStatusIdParam() id: PrintStatusId,
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
  ): Promise<CachedRead> {
    return this.statuses.read(id, caller, directives);
  }
}
