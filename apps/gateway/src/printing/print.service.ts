import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identityOf, type PrinterId, type PrintStatusId } from '#libs/contract';
import { HttpTransport, IdaasClient } from '#libs/idaas';
import {
  IdempotencyKey,
  IdempotentExecutor,
  type IdempotentResponse,
  type MarkDispatched,
  type StoredResponse,
} from '#libs/idempotency';
import { JobRegistry, type JobRecord } from '#libs/jobs';
import { jobsCoveredFor, type Caller } from '#libs/policy';
import type { RequestContext } from '#libs/telemetry';
import { StoreClock, StoreUnavailable } from '#libs/store';
import type { ChangeAudit, WithEvent } from '../audit/print-audit.js';
import { requireMatch } from '../server/request/if-match.js';
import { StatusReader } from '../status/status.reader.js';
import { StatusWatcher } from '../status/status.watcher.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { PrintQuota, reservedFor, reservingAt } from './print-quota.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';
import { printBody } from './print-body.js';
import { printedResponse, resumedResponse, updatedResponse } from './print-operation-response.js';
import { copiesOf, requirePrintGranted, requireUpdateGranted } from './print-rules.js';

export interface PrintOrder {
  readonly printerId: PrinterId;
  readonly request: BasicPrintRequest;
  readonly key: IdempotencyKey | undefined;
  /** The caller's own name for the job. */
  readonly label: string | undefined;
  readonly withEvent: WithEvent;
}

/** What changes a job, and is done once under a key. */
interface Change extends CancelOrder {
  readonly operation: 'updatePrint' | 'resumePrintJob';
  readonly body: string;
  readonly key: IdempotencyKey | undefined;
}

export interface CancelOrder {
  readonly id: PrintStatusId;
  /** The states of the job for which it is wanted. */
  readonly ifMatch?: string | undefined;
  readonly audit: ChangeAudit;
}

export interface ResumeOrder extends CancelOrder {
  readonly key: IdempotencyKey | undefined;
}

export interface UpdateOrder extends ResumeOrder {
  readonly request: BasicPrintUpdateRequest;
}

/** What goes upstream is serialised from the validated request: nothing unchecked can travel along. */
@Injectable()
export class PrintService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly transport: HttpTransport,
    private readonly upstream: UpstreamAccess,
    private readonly executor: IdempotentExecutor,
    private readonly cards: PrintQuota,
    private readonly jobs: JobRegistry,
    private readonly statuses: StatusWatcher,
    private readonly states: StatusReader,
    private readonly clock: StoreClock,
  ) {}

  /** Without a key it is sent each time: nobody can tell a second time from another request. */
  async print(order: PrintOrder, caller: Caller): Promise<IdempotentResponse> {
    const { printerId, request, label } = order;
    const terms = requirePrintGranted(order, caller.grant);
    const body = printBody(request);
    const submission = {
      key: order.key ?? anyKey(),
      submitter: identityOf(caller.principal),
      operation: 'print',
      target: printerId,
      body,
      copies: copiesOf(request),
      label,
      reservedAtMs: reservingAt(terms),
    } as const;
    const action = {
      reserve: (token: string) =>
        [this.upstream.charge(caller), this.cards.reserve(submission, token, terms)].filter(
          (charge) => charge !== undefined,
        ),
      admitWithoutStore: async () => {
        await this.upstream.admit(caller);
        if (terms.cardsPerDay !== undefined) throw new StoreUnavailable();
      },
      confirm: (token: string) => this.cards.confirm(submission, token),
      execute: async (markDispatched: MarkDispatched, submissionId: string, token: string) => {
        const reservation = reservedFor(submission, token);
        const { job, answer } = await this.sendPrint(order, body, caller, markDispatched, {
          submissionId,
          reservation,
        });
        return {
          response: printedResponse(job.id, answer),
          ownerWrite: order.withEvent(this.jobs.ownerWriteOf(job), job.id),
        };
      },
      compensate: (token: string) => this.cards.release(submission, token),
      onCrossedResponse: () => this.transport.distrust(),
    };
    return order.key
      ? this.executor.execute(submission, action)
      : this.executor.executeWithoutKey(submission, action);
  }

  async update(
    { id, request, key, audit, ifMatch }: UpdateOrder,
    caller: Caller,
  ): Promise<IdempotentResponse> {
    const job = await this.jobs.requireVisible(id, jobsCoveredFor(caller, 'ISSUANCE:EDIT'));
    audit.concerns(job);
    requireUpdateGranted(request, job, caller);
    const body = JSON.stringify(request);
    return this.changeOnce(
      { operation: 'updatePrint', id, body, key, audit, ifMatch },
      caller,
      async (mark, context) => {
        await this.idaas.updatePrint(id, body, mark, context);
        return updatedResponse(id);
      },
    );
  }

  /** Lets a job that waits for it be printed: who may print, on a job that the same role covers. */
  async resume({ id, key, audit }: ResumeOrder, caller: Caller): Promise<IdempotentResponse> {
    audit.concerns(await this.jobs.requireVisible(id, jobsCoveredFor(caller, 'ISSUANCE:ADD')));
    return this.changeOnce(
      { operation: 'resumePrintJob', id, body: '', key, audit },
      caller,
      async (mark, context) => {
        await this.idaas.resumePrintJob(id, mark, context);
        return resumedResponse(id);
      },
    );
  }

  async cancel({ id, audit, ifMatch }: CancelOrder, caller: Caller): Promise<void> {
    audit.concerns(await this.jobs.requireVisible(id, jobsCoveredFor(caller, 'ISSUANCE:REMOVE')));
    await this.upstream.admit(caller);
    await this.requireState(id, caller, ifMatch);
    await this.changing(id, caller, (context) => this.idaas.cancelPrint(id, context));
    // Its cards are given back when it is seen how many it did not print; what fails now is left to who looks next.
    if (await this.cards.areReservedFor(id)) await this.statuses.look(id, caller).catch(() => {});
  }

  /** Throws `PreconditionFailed` where the upstream says now that the job is in another state, and what its failure to say so throws. */
  private async requireState(id: PrintStatusId, caller: Caller, ifMatch: string | undefined): Promise<void> {
    if (ifMatch === undefined) return;
    // No copy is left to be served where the upstream fails, and no read that began before this is joined.
    await this.states.invalidate(id);
    requireMatch(ifMatch, await this.states.read(id, { caller }));
  }

  private async changeOnce(
    { operation, id, body, key, audit, ifMatch }: Change,
    caller: Caller,
    change: (
      mark: MarkDispatched | undefined,
      context: RequestContext | undefined,
    ) => Promise<StoredResponse>,
  ): Promise<IdempotentResponse> {
    const execute = async (mark?: MarkDispatched) => {
      // Not of a replay: what was done then has changed the state.
      await this.requireState(id, caller, ifMatch);
      const response = await this.changing(id, caller, (context) => change(mark, context));
      return { response, additionalWrite: audit.done() };
    };
    const reserve = () => [this.upstream.charge(caller)].filter((charge) => charge !== undefined);
    const submitter = identityOf(caller.principal);
    const submission = { submitter, operation, target: id, body, copies: 0, ...NOTHING_NAMED };
    if (key) return this.executor.execute({ ...submission, key }, { reserve, execute });
    await this.upstream.admit(caller);
    return { ...(await execute()), isReplay: false };
  }

  private async sendPrint(
    { printerId, label }: PrintOrder,
    body: readonly Uint8Array[],
    caller: Caller,
    mark: MarkDispatched,
    cameOf: Pick<JobRecord, 'submissionId' | 'reservation'>,
  ): Promise<{ job: JobRecord; answer: unknown }> {
    let createdAtMs = Date.now();
    // The upstream may have made it long before it answers: a time after that would not find it in the list of jobs.
    const marked = async () => {
      const sendBeforeMs = await mark();
      createdAtMs = this.clock.nowMs ?? Date.now();
      return sendBeforeMs;
    };
    const { id, answer } = await this.upstream.print(caller, (context) =>
      this.idaas.print(printerId, body, marked, context),
    );
    const job = { id, owner: identityOf(caller.principal), printerId, createdAtMs, label, ...cameOf };
    return { job, answer };
  }

  /** A change whose answer was lost may have been done all the same: the status is asked for anew in any case. */
  private changing<T>(
    id: PrintStatusId,
    caller: Caller,
    change: (context: RequestContext | undefined) => Promise<T>,
  ): Promise<T> {
    return this.upstream.run(caller, change).finally(() => this.statuses.changed(id));
  }
}

const NOTHING_NAMED = { label: undefined, reservedAtMs: undefined };

function anyKey(): IdempotencyKey {
  return randomUUID() as IdempotencyKey;
}
