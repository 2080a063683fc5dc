import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { Problem } from '#libs/problem';
import { codingOf, ContentDecoder } from './content-decoder.js';
import type { Deadline } from './deadline.js';
import { asProblem } from './http-faults.js';
import { UpstreamInvalidResponse, UpstreamUnreachable } from './idaas.problems.js';
import type { UpstreamResponse } from './send.js';

type Controller = Dispatcher.DispatchController;

const FIRST_FINAL_STATUS = 200;
const FIRST_REFUSAL = 300;

/**
 * Gathers one response and settles a promise with it, whole. undici's `request` does so too, through a stream and its iterator,
 * which for answers of some hundred bytes cost more than the request.
 */
export class BufferedResponse implements Dispatcher.DispatchHandler {
  /** Of what is under way: once it has ended, its connection is another's. */
  private controller: Controller | undefined;
  private fault: Error | undefined;
  protected status = 0;
  private headers: IncomingHttpHeaders = {};
  private decoder: ContentDecoder | undefined;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private isUnreadable = false;

  constructor(
    private readonly maxBytes: number,
    deadline: Deadline | undefined,
    private readonly resolve: (response: UpstreamResponse) => void,
    private readonly reject: (problem: Problem) => void,
    /** By `performance.now()`: what has not begun by then is not sent. */
    private readonly sendBeforeMs = Infinity,
  ) {
    deadline?.onExpiry((fault) => this.stop(fault));
  }

  /** Right before the first byte is written. */
  onRequestStart(controller: Controller): void {
    this.controller = controller;
    if (performance.now() > this.sendBeforeMs)
      controller.abort(new UpstreamUnreachable(false, new Error('this process has stood still')));
    else if (this.fault) controller.abort(this.fault);
  }

  /** More than once where informational responses come first (RFC 9110 §15.2). */
  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    if (status < FIRST_FINAL_STATUS) return;
    [this.status, this.headers] = [status, headers];
    const coding = codingOf(headerText(headers['content-encoding']));
    if (coding === undefined) return;
    const fail = (error: unknown) => this.cannotDecode(controller, error);
    this.decoder = new ContentDecoder(coding, (chunk) => this.take(chunk), fail);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    try {
      if (!this.decoder) this.take(chunk);
      else if (!this.isUnreadable) this.decoder.push(chunk, controller);
    } catch (error) {
      if (this.decoder) this.cannotDecode(controller, error);
      else controller.abort(error as Error);
    }
  }

  onResponseEnd(): void {
    this.controller = undefined;
    if (this.decoder && !this.isUnreadable) this.decoder.end(() => this.end());
    else this.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.controller = undefined;
    this.decoder?.stop();
    this.reject(asProblem(error));
  }

  /** Throws a problem where no more may come. */
  protected take(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.chunks.push(chunk);
    if (this.bytes > this.maxBytes) throw new UpstreamInvalidResponse('is too long');
  }

  private end(): void {
    const [first, ...more] = this.chunks;
    const body = first && more.length === 0 ? first : Buffer.concat(this.chunks);
    this.resolve({
      status: this.status,
      contentType: headerText(this.headers['content-type']) ?? '',
      retryAfter: headerText(this.headers['retry-after']),
      date: headerText(this.headers.date),
      text: body.toString('utf8'),
    });
  }

  /** The status of a refusal says enough without its body. */
  private cannotDecode(controller: Controller, error: unknown): void {
    this.decoder?.stop();
    if (this.status >= FIRST_REFUSAL) {
      this.isUnreadable = true;
      this.chunks.length = 0;
      controller.resume();
      if (!this.controller) this.end();
      return;
    }
    const problem =
      error instanceof Problem ? error : new UpstreamInvalidResponse('cannot be decoded', error);
    if (this.controller) controller.abort(problem);
    else this.reject(problem);
  }

  /** Ends what is sent or awaited; a request that still waits for a connection is not begun. */
  private stop(fault: Problem): void {
    this.fault = fault;
    this.controller?.abort(fault);
    this.decoder?.stop();
    this.reject(fault);
  }
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
