import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Problem } from '#libs/problem';
import type { Deadline } from './deadline.js';
import { asProblem } from './http-faults.js';
import { UpstreamNonsense, UpstreamUnreachable } from './idaas.problems.js';
import type { UpstreamResponse } from './send.js';

type Controller = Dispatcher.DispatchController;

const FIRST_FINAL_STATUS = 200;

/**
 * Gathers one response and settles a promise with it, whole. undici's `request` does so too, through a stream and its iterator,
 * which for answers of some hundred bytes cost more than the request.
 */
export class WholeResponse implements Dispatcher.DispatchHandler {
  /** Of what is under way: once it has ended, its connection is another's. */
  private controller: Controller | undefined;
  private fault: Error | undefined;
  protected status = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

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
  onResponseStart(_controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    if (status >= FIRST_FINAL_STATUS) [this.status, this.headers] = [status, headers];
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.bytes += chunk.length;
    this.chunks.push(chunk);
    if (this.bytes > this.maxBytes) controller.abort(new UpstreamNonsense('is too long'));
  }

  onResponseEnd(): void {
    this.controller = undefined;
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

  onResponseError(_controller: Controller, error: Error): void {
    this.controller = undefined;
    this.reject(asProblem(error));
  }

  /** Ends what is sent or awaited; a request that still waits for a connection is not begun. */
  private stop(fault: Problem): void {
    this.fault = fault;
    this.controller?.abort(fault);
    this.reject(fault);
  }
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
