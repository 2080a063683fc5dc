import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrinterId } from '#libs/contract';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { PrinterIdParam } from '../server/request/id-params.js';
import { RequestCacheDirectives, type CacheDirectives } from '../server/request/cache-directives.js';
import { sendCached } from '../server/response/send-cached.js';
import { PrintersService } from './printers.service.js';

/** The vendor's printer reads. Their query parameters change nothing upstream either, and are not passed on. */
@Controller('api/web/v1/printers')
export class PrintersController {
  constructor(private readonly printers: PrintersService) {}

  @Get()
  @Requires('PRINTERS:VIEW')
  async readPrinters(
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
    @Res() reply: FastifyReply,
  ) {
    sendCached(reply, await this.printers.readPrinters(caller, directives), directives);
  }

  @Get(':printerId')
  @Requires('PRINTERS:VIEW')
  async readPrinter(
    @PrinterIdParam() printerId: PrinterId,
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
    @Res() reply: FastifyReply,
  ) {
    sendCached(reply, await this.printers.readPrinter(printerId, caller, directives), directives);
  }
}
