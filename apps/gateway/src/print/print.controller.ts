import { Body, Controller, Delete, Get, Header, HttpCode, Patch, Post } from '@nestjs/common';
import type { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { Granted, Requires, type Grant } from '#libs/policy';
import { PrinterIdParam, PrintStatusIdParam } from '../http/id-params.js';
import { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { PrintService } from './print.service.js';

const JSON_TEXT = ['content-type', 'application/json; charset=utf-8'] as const;

/** The vendor's five print operations, on the vendor's paths. */
@Controller('api/web/v1')
export class PrintController {
  constructor(
    private readonly prints: PrintService,
    private readonly idaas: IdaasClient,
  ) {}

  @Post('printers/:printerId/print')
  @HttpCode(200)
  @Requires('ISSUANCE:ADD')
  print(@PrinterIdParam() printerId: PrinterId, @Body() request: BasicPrintRequest, @Granted() grant: Grant) {
    return this.prints.print(printerId, request, grant);
  }

  @Get('printers/print/:printStatusId')
  @Header(...JSON_TEXT)
  @Requires('ISSUANCE:VIEW')
  getPrintStatus(@PrintStatusIdParam() id: PrintStatusId) {
    return this.idaas.getPrintStatus(id);
  }

  @Patch('printers/print/:printStatusId')
  @HttpCode(202)
  @Requires('ISSUANCE:EDIT')
  updatePrint(
    @PrintStatusIdParam() id: PrintStatusId,
    @Body() request: BasicPrintUpdateRequest,
    @Granted() grant: Grant,
  ) {
    return this.prints.update(id, request, grant);
  }

  @Delete('printers/print/:printStatusId')
  @HttpCode(204)
  @Requires('ISSUANCE:REMOVE')
  cancelPrint(@PrintStatusIdParam() id: PrintStatusId) {
    return this.prints.cancel(id);
  }

  @Get('printcounts')
  @Header(...JSON_TEXT)
  @Requires('REPORTS:VIEW')
  getPrintCounts() {
    return this.idaas.getPrintCounts();
  }
}
