import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '#libs/cache';
import type { Caller } from '#libs/policy';
import { Problem, problemAnswer, ProblemFilter, toProblem } from '#libs/problem';
import { contextOf } from '#libs/telemetry';
import type { AccessLog } from '../http/access-log.js';
import { cachedAnswer } from '../http/cached-answer.js';
import type { CommonHeaders } from '../http/common-headers.js';
import { requestIdOf } from '../http/request-id.js';
import type { AnsweredRequest } from '../http/request-line.js';

/** A request that came by the lane, and who asks; undefined where nobody was found to. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: string;
  readonly caller: Caller | undefined;
  readonly startedAtMs: number;
}

/** What is sent of an answer. */
interface Content {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

/** A response that is ready, and what the log will say of its request. */
interface Departure {
  readonly response: ServerResponse;
  /** Names and values in turn, which costs Node the least. */
  readonly headers: string[];
  readonly text: string | undefined;
  readonly startedAtMs: number;
  readonly answered: AnsweredRequest;
}

/**
 * Answers leave together, once all requests that came in with theirs were looked at, and are logged behind one another. To answer
 * each at once would cost more: each write wakes up somebody, and pushes out of the processor's caches what the next read needs.
 */
export class Departures {
  private readonly problems = new ProblemFilter();
  private readonly always: readonly string[];
  private ready: Departure[] = [];

  /** `headers` go with every answer. */
  constructor(
    headers: CommonHeaders,
    private readonly accessLog: AccessLog,
  ) {
    this.always = Object.entries(headers).flat();
  }

  add(visit: Visit, answer: Answer | Problem | Promise<Answer>): void {
    if (!(answer instanceof Promise)) return this.prepare(visit, answer);
    answer.then(
      (found) => this.prepare(visit, found),
      (fault: unknown) => this.prepare(visit, toProblem(fault)),
    );
  }

  private prepare({ request, response, route, caller, startedAtMs }: Visit, answer: Answer | Problem): void {
    const id = requestIdOf(request);
    const { status, headers, text } = this.contentOf(answer, request, id);
    const lines = [...this.always, 'x-request-id', id];
    for (const name in headers) lines.push(name, headers[name] as string);
    if (text !== undefined) lines.push('content-length', String(Buffer.byteLength(text)));
    const { principal, context = contextOf(request.headers) } = caller ?? { principal: undefined };
    const cache = headers['cache-status'];
    const answered = { id, method: 'GET', route, status, principal, cache, context };
    if (this.ready.push({ response, headers: lines, text, startedAtMs, answered }) === 1)
      setImmediate(() => this.leave());
  }

  private contentOf(answer: Answer | Problem, { headers, url = '' }: IncomingMessage, id: string): Content {
    if (!(answer instanceof Problem)) return cachedAnswer(answer, headers['if-none-match']);
    this.problems.note(answer, id);
    return problemAnswer(answer, { instance: url, requestId: id });
  }

  private leave(): void {
    const leaving = this.ready;
    this.ready = [];
    for (const { response, answered, headers, text } of leaving)
      response.writeHead(answered.status, headers).end(text);
    const leftAtMs = performance.now();
    for (const { answered, startedAtMs } of leaving) this.accessLog.note(answered, leftAtMs - startedAtMs);
  }
}
