import type { ServerResponse } from 'node:http';
import type { AccessLog } from '../http/access-log.js';
import type { AnsweredRequest } from '../http/request-line.js';

/** An answer that is ready, and what the log will say of its request. */
export interface Departure {
  readonly response: ServerResponse;
  /** Names and values in turn, which costs Node the least. */
  readonly headers: string[];
  readonly text: string | undefined;
  readonly startedAtMs: number;
  readonly request: AnsweredRequest;
}

/**
 * Answers leave together, once all requests that came in with theirs were looked at, and are logged behind one another. To answer
 * each at once would cost more: each write wakes up somebody, and pushes out of the processor's caches what the next read needs.
 */
export class Departures {
  private ready: Departure[] = [];

  constructor(private readonly accessLog: AccessLog) {}

  add(departure: Departure): void {
    if (this.ready.push(departure) === 1) setImmediate(() => this.leave());
  }

  private leave(): void {
    const leaving = this.ready;
    this.ready = [];
    for (const { response, request, headers, text } of leaving)
      response.writeHead(request.status, headers).end(text);
    const leftAtMs = performance.now();
    for (const { request, startedAtMs } of leaving) this.accessLog.note(request, leftAtMs - startedAtMs);
  }
}
