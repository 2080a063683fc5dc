import { PrintStatusId, type PrinterId } from '#libs/contract';
import type { RequestContext } from '#libs/telemetry';
import { UpstreamInvalidResponse } from './idaas.problems.js';
import { JobList } from './job-list.js';
import type { ListTimeouts } from './list-answer.js';
import type { PrintJobListing, PrintJobSearch } from './print-job-search.js';
import { readPrinter, type Printer } from './printer.js';
import type { Send, UpstreamRequest } from './send.js';
import {
  readDone,
  readJson,
  readObject,
  requireDone,
  requireThere,
  type JsonAnswer,
} from './response-parser.js';

const API = '/api/web/v1';

export interface IdaasTimeouts extends ListTimeouts {
  readonly printTimeoutMs: number;
}

/** A print that the upstream took. */
interface PrintDone {
  readonly id: PrintStatusId;
  /** The vendor's `PrintOperationResponse`, of any version. */
  readonly answer: unknown;
}

/**
 * The upstream's operations, one method each. Ids come in parsed, JSON texts go out as they came. Every method
 * throws the problems of `idaas.problems.ts`, and notes its calls in the context of the request that causes them.
 */
export class IdaasClient {
  private readonly jobList: JobList;

  constructor(
    private readonly send: Send,
    private readonly timeouts: IdaasTimeouts,
  ) {
    this.jobList = new JobList(send, timeouts);
  }

  /**
   * Prints what these pieces say one behind the other; the id of the job, and all that the upstream answered. Not idempotent: called twice, it prints twice. `mark`
   * is awaited right before the first byte. Throws `AuthTokenRefused` where it may be sent again with a new auth token, once it is known that
   * nothing was printed.
   */
  async print(
    printerId: PrinterId,
    body: readonly Uint8Array[],
    mark: () => Promise<number>,
    context?: RequestContext,
  ): Promise<PrintDone> {
    const response = await this.write({
      operation: 'print',
      method: 'POST',
      path: `/printers/${printerId}/print`,
      body,
      mark,
      isResentByCaller: true,
      context,
    });
    const answer = readDone(response);
    return { id: readPrintStatusId(answer), answer };
  }

  /** The vendor's `BasicPrintResponse`, parsed and as its own text. */
  async getPrintStatus(id: PrintStatusId, context?: RequestContext): Promise<JsonAnswer> {
    const path = `/printers/print/${id}`;
    return readObject(await this.read({ operation: 'getPrintStatus', path, context }));
  }

  /** `mark` is awaited right before the first byte, each time it is sent. */
  async updatePrint(
    id: PrintStatusId,
    body: string,
    mark?: () => Promise<number>,
    context?: RequestContext,
  ): Promise<void> {
    const path = `/printers/print/${id}`;
    const update = { operation: 'updatePrint', method: 'PATCH', path, body, mark, context } as const;
    requireDone(await this.write(update));
  }

  /** Lets a job that waits for it (`AWAITING_PRINT`) be printed. */
  async resumePrintJob(
    id: PrintStatusId,
    mark?: () => Promise<number>,
    context?: RequestContext,
  ): Promise<void> {
    const body = JSON.stringify({ printJobId: id });
    const resumption = { operation: 'resumePrintJob', method: 'POST', path: '/print/resume' } as const;
    requireDone(await this.write({ ...resumption, body, mark, context }));
  }

  async cancelPrint(id: PrintStatusId, context?: RequestContext): Promise<void> {
    const path = `/printers/print/${id}`;
    const cancel = { operation: 'cancelPrint', method: 'DELETE', path, context } as const;
    requireDone(await this.write(cancel), 'is harmless');
  }

  /** The vendor's `PrintCountResponse`: its counts are int64, so only its text has all their digits. */
  async getPrintCounts(context?: RequestContext): Promise<JsonAnswer> {
    const response = await this.read({ operation: 'getPrintCounts', path: '/printcounts', context });
    requireThere(response);
    return readObject(response);
  }

  /** The print jobs that the upstream lists, whoever made them, in one of the ways that it offers (`JobList`). */
  listPrintJobs(search: PrintJobSearch): Promise<PrintJobListing> {
    return this.jobList.list(search);
  }

  async readPrinters(context?: RequestContext): Promise<Printer[]> {
    const response = await this.read({ operation: 'readPrinters', path: '/printers', context });
    requireThere(response);
    const { value } = readJson(response, 200);
    if (!Array.isArray(value)) throw new UpstreamInvalidResponse('is not a list of printers');
    return value.map(readPrinter).filter((printer) => printer !== undefined);
  }

  async readPrinter(id: PrinterId, context?: RequestContext): Promise<Printer> {
    const path = `/printers/${id}`;
    const { value } = readJson(await this.read({ operation: 'readPrinter', path, context }), 200);
    const printer = readPrinter(value);
    if (!printer) throw new UpstreamInvalidResponse('is not a printer');
    return printer;
  }

  private read(request: Pick<UpstreamRequest, 'operation' | 'path' | 'context'>) {
    const timeoutMs = this.timeouts.readTimeoutMs;
    const { operation, path, context } = request;
    return this.send({ operation, method: 'GET', path: API + path, timeoutMs, context });
  }

  private write(request: Omit<UpstreamRequest, 'timeoutMs'>) {
    return this.send({ ...request, path: API + request.path, timeoutMs: this.timeouts.printTimeoutMs });
  }
}

/** Of `PrintOperationResponse` only the id is used: its `link` is the upstream's own address. */
function readPrintStatusId(value: unknown): PrintStatusId {
  const status = (value as { printStatus?: { id?: unknown } | null } | null)?.printStatus;
  const id = PrintStatusId.parse(status?.id);
  if (!id) throw new UpstreamInvalidResponse('names no print job');
  return id;
}
