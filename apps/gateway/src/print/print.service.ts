import { Injectable } from '@nestjs/common';
import type { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Grant } from '#libs/policy';
import { StatusReader } from '../status/status.reader.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { printOperationResponse } from './print-operation-response.js';
import { requirePrintGranted, requireUpdateGranted } from './print-rules.js';

/** What goes upstream is serialised from the validated request: nothing unchecked can travel along. */
@Injectable()
export class PrintService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly statuses: StatusReader,
  ) {}

  async print(printerId: PrinterId, request: BasicPrintRequest, grant: Grant) {
    requirePrintGranted(printerId, request, grant);
    return printOperationResponse(await this.idaas.print(printerId, JSON.stringify(request)));
  }

  async update(id: PrintStatusId, request: BasicPrintUpdateRequest, grant: Grant) {
    requireUpdateGranted(request, grant);
    await this.changing(id, this.idaas.updatePrint(id, JSON.stringify(request)));
    return printOperationResponse(id);
  }

  cancel(id: PrintStatusId): Promise<void> {
    return this.changing(id, this.idaas.cancelPrint(id));
  }

  /** A change whose answer was lost may have been done all the same: the status is asked for anew in any case. */
  private changing(id: PrintStatusId, change: Promise<void>): Promise<void> {
    return change.finally(() => this.statuses.invalidate(id));
  }
}
