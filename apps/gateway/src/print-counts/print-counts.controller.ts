import { Controller, Get } from '@nestjs/common';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { CALLS_UPSTREAM } from '../openapi/problem-sets.js';
import { RequestCacheDirectives, type CacheDirectives } from '../server/request/cache-directives.js';
import { AnswersCached } from '../server/response/answers-cached.decorator.js';
import type { CachedRead } from '../server/response/cached-response.interceptor.js';
import { PrintCountResponse } from './print-count-response.dto.js';
import { PrintCountsService } from './print-counts.service.js';

/** The vendor's print counts, on the vendor's path. */
@Controller('api/web/v1/printcounts')
export class PrintCountsController {
  constructor(private readonly counts: PrintCountsService) {}

  /** Reads how many cards were printed. */
  @Get()
  @Requires('REPORTS:VIEW')
  @AnswersCached(PrintCountResponse)
  @ApiProblems(...CALLS_UPSTREAM)
  async getPrintCounts(
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
  ): Promise<CachedRead> {
    return { answer: await this.counts.read(caller, directives) };
  }
}
