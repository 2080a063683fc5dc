import { Controller, Get } from '@nestjs/common';
import type { PrinterId } from '#libs/contract';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { CALLS_UPSTREAM, OF_ONE } from '../openapi/problem-sets.js';
import { RequestCacheDirectives, type CacheDirectives } from '../server/request/cache-directives.js';
import { PrinterIdParam } from '../server/request/id-params.js';
import { AnswersCached } from '../server/response/answers-cached.decorator.js';
import type { CachedRead } from '../server/response/cached-response.interceptor.js';
import { PrinterDto } from './printer.dto.js';
import { PrintersService } from './printers.service.js';

/** The vendor's printer reads. Their query parameters change nothing upstream either, and are not passed on. */
@Controller('api/web/v1/printers')
export class PrintersController {
  constructor(private readonly printers: PrintersService) {}

  /** Lists the printers that the caller may use. */
  @Get()
  @Requires('PRINTERS:VIEW')
  @AnswersCached(PrinterDto, { isArray: true })
  @ApiProblems(...CALLS_UPSTREAM)
  async readPrinters(
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
  ): Promise<CachedRead> {
    return { answer: await this.printers.readPrinters(caller, directives) };
  }

  /** Reads a printer. */
  @Get(':printerId')
  @Requires('PRINTERS:VIEW')
  @AnswersCached(PrinterDto)
  @ApiProblems('printer-not-granted', ...OF_ONE, ...CALLS_UPSTREAM)
  async readPrinter(
    @PrinterIdParam() printerId: PrinterId,
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
  ): Promise<CachedRead> {
    return { answer: await this.printers.readPrinter(printerId, caller, directives) };
  }
}
