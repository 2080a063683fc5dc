import { Injectable } from '@nestjs/common';
import type { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Grant } from '#libs/policy';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { printOperationResponse } from './print-operation-response.js';
import { requirePrintGranted, requireUpdateGranted } from './print-rules.js';

/** What goes upstream is serialised from the validated request: nothing unchecked can travel along. */
@Injectable()
export class PrintService {
  constructor(private readonly idaas: IdaasClient) {}

  async print(printerId: PrinterId, request: BasicPrintRequest, grant: Grant) {
    requirePrintGranted(printerId, request, grant);
    return printOperationResponse(await this.idaas.print(printerId, JSON.stringify(request)));
  }

  async update(id: PrintStatusId, request: BasicPrintUpdateRequest, grant: Grant) {
    requireUpdateGranted(request, grant);
    await this.idaas.updatePrint(id, JSON.stringify(request));
    return printOperationResponse(id);
  }

  cancel(id: PrintStatusId): Promise<void> {
    return this.idaas.cancelPrint(id);
  }
}
