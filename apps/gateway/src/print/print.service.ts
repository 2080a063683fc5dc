import { Injectable } from '@nestjs/common';
import { identityOf, type PrinterId, type PrintStatusId } from '#libs/contract';
import { IdaasClient, provesNothingDone } from '#libs/idaas';
import {
  KeyRequired,
  Once,
  type Done,
  type IdempotencyKey,
  type StoredResponse,
  type Submission,
} from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { CardQuota } from '#libs/limits';
import type { Caller } from '#libs/policy';
import { StatusReader } from '../status/status.reader.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { printedResponse, updatedResponse } from './print-operation-response.js';
import { copiesOf, requirePrintGranted, requireUpdateGranted } from './print-rules.js';

export interface PrintOrder {
  readonly printerId: PrinterId;
  readonly request: BasicPrintRequest;
  readonly key: IdempotencyKey | undefined;
  /** The caller's own name for the job. */
  readonly label: string | undefined;
}

export interface UpdateOrder {
  readonly id: PrintStatusId;
  readonly request: BasicPrintUpdateRequest;
  readonly key: IdempotencyKey | undefined;
}

/** What goes upstream is serialised from the validated request: nothing unchecked can travel along. */
@Injectable()
export class PrintService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly once: Once,
    private readonly quota: CardQuota,
    private readonly jobs: JobRegistry,
    private readonly statuses: StatusReader,
  ) {}

  async print(order: PrintOrder, caller: Caller): Promise<Done> {
    const { printerId, request, key } = order;
    requirePrintGranted(printerId, request, caller.grant);
    if (key === undefined && caller.grant.requiresIdempotencyKey) throw new KeyRequired();
    const work = {
      operation: 'print',
      target: printerId,
      body: JSON.stringify(request),
      copies: copiesOf(request),
    } as const;
    return this.doOnce(work, key, caller, () => this.sendPrint(order, work.body, caller));
  }

  async update({ id, request, key }: UpdateOrder, caller: Caller): Promise<Done> {
    requireUpdateGranted(request, caller.grant);
    await this.jobs.requireVisible(id, caller.principal, caller.grant.jobs);
    const work = { operation: 'updatePrint', target: id, body: JSON.stringify(request), copies: 0 } as const;
    return this.doOnce(work, key, caller, async () => {
      await this.changing(id, this.idaas.updatePrint(id, work.body));
      return updatedResponse(id);
    });
  }

  async cancel(id: PrintStatusId, { principal, grant }: Caller): Promise<void> {
    await this.jobs.requireVisible(id, principal, grant.jobs);
    await this.changing(id, this.idaas.cancelPrint(id));
  }

  /** Without a key it is simply sent: nobody can tell a second time from another request. */
  private async doOnce(
    work: Omit<Submission, 'key' | 'submitter'>,
    key: IdempotencyKey | undefined,
    { principal }: Caller,
    send: () => Promise<StoredResponse>,
  ): Promise<Done> {
    if (key === undefined) return { response: await send(), isReplay: false };
    return this.once.run({ ...work, key, submitter: identityOf(principal) }, send);
  }

  private async sendPrint(
    order: PrintOrder,
    body: string,
    { principal, grant }: Caller,
  ): Promise<StoredResponse> {
    const { printerId, request, label } = order;
    const giveBack = await this.quota.reserve(principal, grant.limits.cardsPerDay, copiesOf(request));
    const createdAtMs = Date.now();
    const id = await this.idaas.print(printerId, body).catch(async (error: unknown) => {
      if (provesNothingDone(error)) await giveBack();
      throw error;
    });
    await this.jobs.note({ id, owner: identityOf(principal), printerId, createdAtMs, label });
    return printedResponse(id);
  }

  /** A change whose answer was lost may have been done all the same: the status is asked for anew in any case. */
  private changing(id: PrintStatusId, change: Promise<void>): Promise<void> {
    return change.finally(() => this.statuses.invalidate(id));
  }
}
