import { Body, Controller, Delete, HttpCode, Patch, Post, Req } from '@nestjs/common';
import type { PrinterId, PrintStatusId } from '#libs/contract';
import type { IdempotentResponse, IdempotencyKey } from '#libs/idempotency';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { Audited } from '../audit/audited.decorator.js';
import type { AuditedRequest } from '../audit/audited-request.js';
import { PrintAudit } from '../audit/print-audit.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { CALLS_UPSTREAM, DONE_ONCE, OF_ONE, SHARED_STATE, WITH_BODY } from '../openapi/problem-sets.js';
import { PrinterIdParam, PrintStatusIdParam } from '../server/request/id-params.js';
import { IfMatch } from '../server/request/if-match.js';
import { ValidatedBody } from '../server/request/validated-params.js';
import { AnswersIdempotently } from './answers-idempotently.decorator.js';
import { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { PrintOperationResponse } from './dto/print-operation-response.dto.js';
import { ResumePrintJobApiRequest } from './dto/resume-print-job-api-request.dto.js';
import { ResumePrintJobApiResponse } from './dto/resume-print-job-api-response.dto.js';
import { IdempotencyKeyParam } from './idempotency-key-param.js';
import { PrintBodyPipe } from './print-body.pipe.js';
import { PrintLabel } from './print-label.decorator.js';
import { PrintService } from './print.service.js';

/** The vendor's operations that print, and change what is printed, on the vendor's paths. */
@Controller('api/web/v1')
export class PrintController {
  constructor(
    private readonly prints: PrintService,
    private readonly audit: PrintAudit,
  ) {}

  /** Prints a card. */
  @Post('printers/:printerId/print')
  @Requires('ISSUANCE:ADD')
  @Audited('print')
  @HttpCode(200)
  @AnswersIdempotently(200, PrintOperationResponse)
  @ApiProblems('blank-card', 'idempotency-key-required', 'copies-not-granted', 'feature-not-granted')
  @ApiProblems('printer-not-granted', 'card-quota-exceeded', 'printer-busy', 'upstream-body-too-large')
  @ApiProblems(...OF_ONE, ...WITH_BODY, ...DONE_ONCE, ...CALLS_UPSTREAM)
  print(
    @PrinterIdParam() printerId: PrinterId,
    @Body(PrintBodyPipe) request: BasicPrintRequest,
    @IdempotencyKeyParam() key: IdempotencyKey | undefined,
    @PrintLabel() label: string | undefined,
    @CurrentCaller() caller: Caller,
    @Req() http: AuditedRequest,
  ): Promise<IdempotentResponse> {
    return this.prints.print({ printerId, request, key, label, withEvent: this.audit.of(http) }, caller);
  }

  /** Sends commands to the chip of a smart card that is being printed. */
  @Patch('printers/print/:printStatusId')
  @Requires('ISSUANCE:EDIT')
  @Audited('updatePrint')
  @HttpCode(202)
  @AnswersIdempotently(202, PrintOperationResponse)
  @ApiProblems('feature-not-granted', 'upstream-body-too-large')
  @ApiProblems(...OF_ONE, ...WITH_BODY, ...DONE_ONCE, ...CALLS_UPSTREAM)
  updatePrint(
    @PrintStatusIdParam() id: PrintStatusId,
    @Body(PrintBodyPipe) request: BasicPrintUpdateRequest,
    @IdempotencyKeyParam() key: IdempotencyKey | undefined,
    @IfMatch() ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Req() http: AuditedRequest,
  ): Promise<IdempotentResponse> {
    const audit = this.audit.ofChange(http, 'updatePrint', id);
    return this.prints.update({ id, request, key, audit, ifMatch }, caller);
  }

  /** Cancels a print job. */
  @Delete('printers/print/:printStatusId')
  @HttpCode(204)
  @Requires('ISSUANCE:REMOVE')
  @Audited('cancelPrint')
  @ApiProblems(...OF_ONE, ...SHARED_STATE, ...CALLS_UPSTREAM)
  cancelPrint(
    @PrintStatusIdParam() id: PrintStatusId,
    @IfMatch() ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Req() http: AuditedRequest,
  ): Promise<void> {
    const audit = this.audit.ofChange(http, 'cancelPrint', id);
    return this.prints.cancel({ id, audit, ifMatch }, caller);
  }

  /** Lets a job that waits for it (AWAITING_PRINT) be printed. */
  @Post('print/resume')
  @Requires('ISSUANCE:ADD')
  @Audited('resumePrintJob')
  @HttpCode(200)
  @AnswersIdempotently(200, ResumePrintJobApiResponse)
  @ApiProblems(...OF_ONE, ...WITH_BODY, ...DONE_ONCE, ...CALLS_UPSTREAM)
  resumePrintJob(
    @ValidatedBody() { printJobId }: ResumePrintJobApiRequest,
    @IdempotencyKeyParam() key: IdempotencyKey | undefined,
    @CurrentCaller() caller: Caller,
    @Req() http: AuditedRequest,
  ): Promise<IdempotentResponse> {
    const audit = this.audit.ofChange(http, 'resumePrintJob', printJobId);
    return this.prints.resume({ id: printJobId, key, audit }, caller);
  }
}
