import { Injectable } from '@nestjs/common';
import type { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { JobRegistry } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import { StatusReader } from '../status/status.reader.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { printOperationResponse } from './print-operation-response.js';
import { requirePrintGranted, requireUpdateGranted } from './print-rules.js';

export interface PrintOrder {
  readonly printerId: PrinterId;
  readonly request: BasicPrintRequest;
  /** The caller's own name for the job. */
  readonly label: string | undefined;
}

/** What goes upstream is serialised from the validated request: nothing unchecked can travel along. */
@Injectable()
export class PrintService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly jobs: JobRegistry,
    private readonly statuses: StatusReader,
  ) {}

  async print({ printerId, request, label }: PrintOrder, { principal, grant }: Caller) {
    requirePrintGranted(printerId, request, grant);
    const createdAtMs = Date.now();
    const id = await this.idaas.print(printerId, JSON.stringify(request));
    const { issuer, subject, tenant } = principal;
    await this.jobs.note({ id, owner: { issuer, subject, tenant }, printerId, createdAtMs, label });
    return printOperationResponse(id);
  }

  async update(id: PrintStatusId, request: BasicPrintUpdateRequest, { principal, grant }: Caller) {
    requireUpdateGranted(request, grant);
    await this.jobs.requireVisible(id, principal, grant.jobs);
    await this.changing(id, this.idaas.updatePrint(id, JSON.stringify(request)));
    return printOperationResponse(id);
  }

  async cancel(id: PrintStatusId, { principal, grant }: Caller): Promise<void> {
    await this.jobs.requireVisible(id, principal, grant.jobs);
    await this.changing(id, this.idaas.cancelPrint(id));
  }

  /** A change whose answer was lost may have been done all the same: the status is asked for anew in any case. */
  private changing(id: PrintStatusId, change: Promise<void>): Promise<void> {
    return change.finally(() => this.statuses.invalidate(id));
  }
}
