import { PrintStatusId, type PrinterId } from '#libs/contract';
import { UpstreamNonsense } from './idaas.problems.js';
import { readPrintJob, type PrintJob } from './print-job.js';
import { isPrinter, type Printer } from './printer.js';
import type { Send, UpstreamRequest } from './send.js';
import { readJson, requireStatus, type JsonAnswer } from './upstream-answer.js';

const API = '/api/web/v1';

export interface IdaasTimeouts {
  readonly readTimeoutMs: number;
  readonly printTimeoutMs: number;
}

/**
 * The upstream's operations, one method each. Ids come in parsed, JSON texts go out as they came. Every method
 * throws the problems of `idaas.problems.ts`.
 */
export class IdaasClient {
  constructor(
    private readonly send: Send,
    private readonly timeouts: IdaasTimeouts,
  ) {}

  /** Prints `body` as it stands; the id of the job. Not idempotent: called twice, it prints twice. */
  async print(printerId: PrinterId, body: string): Promise<PrintStatusId> {
    const response = await this.write({
      operation: 'print',
      method: 'POST',
      path: `/printers/${printerId}/print`,
      body,
    });
    return readPrintStatusId(readJson(response, 200).value);
  }

  /** The vendor's `BasicPrintResponse`, parsed and as its own text. */
  async getPrintStatus(id: PrintStatusId): Promise<JsonAnswer> {
    const response = await this.read({ operation: 'getPrintStatus', path: `/printers/print/${id}` });
    return readJson(response, 200);
  }

  async updatePrint(id: PrintStatusId, body: string): Promise<void> {
    const path = `/printers/print/${id}`;
    readJson(await this.write({ operation: 'updatePrint', method: 'PATCH', path, body }), 202);
  }

  async cancelPrint(id: PrintStatusId): Promise<void> {
    const path = `/printers/print/${id}`;
    requireStatus(await this.write({ operation: 'cancelPrint', method: 'DELETE', path }), 204);
  }

  /** The vendor's `PrintCountResponse`: its counts are int64, so only its text has all their digits. */
  async getPrintCounts(): Promise<JsonAnswer> {
    return readJson(await this.read({ operation: 'getPrintCounts', path: '/printcounts' }), 200);
  }

  /** Every print job that the upstream lists, whoever made it. */
  async getPrintJobs(): Promise<PrintJob[]> {
    const { value } = readJson(await this.read({ operation: 'getPrintJobs', path: '/prints' }), 200);
    if (!Array.isArray(value)) throw new UpstreamNonsense('is not a list of print jobs');
    return value.map(readPrintJob);
  }

  async readPrinters(): Promise<Printer[]> {
    const { value } = readJson(await this.read({ operation: 'readPrinters', path: '/printers' }), 200);
    if (!Array.isArray(value)) throw new UpstreamNonsense('is not a list of printers');
    return value.filter(isPrinter);
  }

  async readPrinter(id: PrinterId): Promise<Printer> {
    const { value } = readJson(await this.read({ operation: 'readPrinter', path: `/printers/${id}` }), 200);
    if (!isPrinter(value)) throw new UpstreamNonsense('is not a printer');
    return value;
  }

  private read(request: Pick<UpstreamRequest, 'operation' | 'path'>) {
    const timeoutMs = this.timeouts.readTimeoutMs;
    return this.send({ ...request, method: 'GET', path: API + request.path, timeoutMs });
  }

  private write(request: Omit<UpstreamRequest, 'timeoutMs'>) {
    return this.send({ ...request, path: API + request.path, timeoutMs: this.timeouts.printTimeoutMs });
  }
}

/** Of `PrintOperationResponse` only the id is used: its `link` is the upstream's own address. */
function readPrintStatusId(value: unknown): PrintStatusId {
  const status = (value as { printStatus?: { id?: unknown } | null } | null)?.printStatus;
  const id = PrintStatusId.parse(status?.id);
  if (!id) throw new UpstreamNonsense('names no print job');
  return id;
}
