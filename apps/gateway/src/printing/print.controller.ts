import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PrinterId, PrintStatusId } from '#libs/contract';
import type { IdempotencyKey } from '#libs/idempotency';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { Audited } from '../audit/audited.decorator.js';
import { PrintAudit } from '../audit/print-audit.js';
import { PrinterIdParam, PrintStatusIdParam } from '../server/request/id-params.js';
import { IdempotencyKeyParam } from './idempotency-key-param.js';
import { IfMatch } from '../server/request/if-match.js';
import { PrintLabel } from './print-label.decorator.js';
import { RequestCacheDirectives, type CacheDirectives } from '../server/request/cache-directives.js';
import { ValidatedBody } from '../server/request/validated-params.js';
import { setPreferenceApplied, sendCached } from '../server/response/send-cached.js';
import { sendIdempotentResponse } from './send-idempotent-response.js';
import { StatusService } from '../status/status.service.js';
import { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { ResumePrintJobApiRequest } from './dto/resume-print-job-api-request.dto.js';
import { PrintBodyPipe } from './print-body.pipe.js';
import { PrintCountsService } from './print-counts.service.js';
import { PrintService } from './print.service.js';

/** The vendor's print operations, on the vendor's paths. */
@Controller('api/web/v1')
export class PrintController {
  constructor(
    private readonly prints: PrintService,
    private readonly statuses: StatusService,
    private readonly counts: PrintCountsService,
    private readonly audit: PrintAudit,
  ) {}

  @Post('printers/:printerId/print')
  @Requires('ISSUANCE:ADD')
  @Audited('print')
  async print(
    @PrinterIdParam() printerId: PrinterId,
    @Body(PrintBodyPipe) request: BasicPrintRequest,
    @IdempotencyKeyParam() key: IdempotencyKey | undefined,
    @PrintLabel() label: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res() reply: FastifyReply,
  ) {
    const withEvent = this.audit.of(reply.request);
    sendIdempotentResponse(
      reply,
      await this.prints.print({ printerId, request, key, label, withEvent }, caller),
    );
  }

  @Get('printers/print/:printStatusId')
  @Requires('ISSUANCE:VIEW')
  async getPrintStatus(
    @PrintStatusIdParam() id: PrintStatusId,
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
    @Res() reply: FastifyReply,
  ) {
    const { answer, waitedSeconds } = await this.statuses.read(id, caller, directives);
    setPreferenceApplied(reply, waitedSeconds);
    sendCached(reply, answer, directives);
  }

  @Patch('printers/print/:printStatusId')
  @Requires('ISSUANCE:EDIT')
  @Audited('updatePrint')
  async updatePrint(
    @PrintStatusIdParam() id: PrintStatusId,
    @Body(PrintBodyPipe) request: BasicPrintUpdateRequest,
    @IdempotencyKeyParam() key: IdempotencyKey | undefined,
    @IfMatch() ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res() reply: FastifyReply,
  ) {
    const audit = this.audit.ofChange(reply.request, 'updatePrint', id);
    sendIdempotentResponse(reply, await this.prints.update({ id, request, key, audit, ifMatch }, caller));
  }

  @Delete('printers/print/:printStatusId')
  @HttpCode(204)
  @Requires('ISSUANCE:REMOVE')
  @Audited('cancelPrint')
  cancelPrint(
    @PrintStatusIdParam() id: PrintStatusId,
    @IfMatch() ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ) {
    const audit = this.audit.ofChange(request, 'cancelPrint', id);
    return this.prints.cancel({ id, audit, ifMatch }, caller);
  }

  @Post('print/resume')
  @Requires('ISSUANCE:ADD')
  @Audited('resumePrintJob')
  async resumePrintJob(
    @ValidatedBody() { printJobId }: ResumePrintJobApiRequest,
    @IdempotencyKeyParam() key: IdempotencyKey | undefined,
    @CurrentCaller() caller: Caller,
    @Res() reply: FastifyReply,
  ) {
    const audit = this.audit.ofChange(reply.request, 'resumePrintJob', printJobId);
    sendIdempotentResponse(reply, await this.prints.resume({ id: printJobId, key, audit }, caller));
  }

  @Get('printcounts')
  @Requires('REPORTS:VIEW')
  async getPrintCounts(
    @CurrentCaller() caller: Caller,
    @RequestCacheDirectives() directives: CacheDirectives,
    @Res() reply: FastifyReply,
  ) {
    sendCached(reply, await this.counts.read(caller, directives), directives);
  }
}
