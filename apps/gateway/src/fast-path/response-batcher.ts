import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '#libs/auth';
import type { CachedResponse } from '#libs/cache';
import type { Caller } from '#libs/policy';
import { Problem, problemAnswer, toProblem, type ProblemFilter } from '#libs/problem';
import type { RequestContext } from '#libs/telemetry';
import type { AccessLog } from '../server/request/access-log.js';
import { conditionalResponse } from '../server/response/conditional-response.js';
import type { ResponseHeaders } from '../server/response/common-headers.js';
import { requestIdOf } from '../server/request/request-id.js';
import { CALLER_GONE, type AnsweredRequest } from '../server/request/request-line.js';
import type { Applicant } from '../admission/admission.js';

/** A request on the fast path that is not answered yet, and what is found out about it. */
export class PendingResponse implements Applicant {
  readonly headers: IncomingMessage['headers'];
  readonly startedAtMs = performance.now();
  principal: Principal | undefined;
  caller: Caller | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** The pattern of its path. */
    readonly route: string,
    readonly context: RequestContext,
  ) {
    this.headers = request.headers;
  }

  get raw(): IncomingMessage {
    return this.request;
  }
}

/** What is sent of an answer. */
interface Content {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

/** A response that is ready, and what the log will say of its request. */
interface ReadyResponse {
  readonly response: ServerResponse;
  /** Names and values in turn, which costs Node the least. */
  readonly headers: string[];
  readonly text: string | undefined;
  readonly startedAtMs: number;
  readonly answered: AnsweredRequest;
}

/**
 * Batches the responses of one event-loop turn into one flush, and logs them behind one another. To write each at once would cost more:
 * each write wakes up somebody, and pushes out of the processor's caches what the next read needs.
 */
export class ResponseBatcher {
  private readonly always: readonly string[];
  private ready: ReadyResponse[] = [];

  constructor(
    private readonly headers: ResponseHeaders,
    private readonly problems: ProblemFilter,
    private readonly accessLog: AccessLog,
  ) {
    this.always = Object.entries(headers.common).flat();
  }

  add(pending: PendingResponse, answer: CachedResponse | Promise<CachedResponse>): void {
    if (!(answer instanceof Promise)) return this.prepare(pending, answer);
    answer.then(
      (found) => this.prepare(pending, found),
      (fault: unknown) => this.refuse(pending, fault),
    );
  }

  refuse(pending: PendingResponse, fault: unknown): void {
    this.prepare(pending, toProblem(fault));
  }

  private prepare(pending: PendingResponse, answer: CachedResponse | Problem): void {
    const { request, response, route, principal, context, startedAtMs } = pending;
    const id = requestIdOf(request);
    const { status, headers, text } = this.contentOf(answer, pending, id);
    const lines = [...this.always, 'x-request-id', id];
    const { origin } = request.headers;
    if (origin !== undefined) addLines(lines, this.headers.forPage(origin));
    addLines(lines, headers);
    if (text !== undefined) lines.push('content-length', String(Buffer.byteLength(text)));
    const cache = headers['cache-status'];
    const answered = { id, method: 'GET', route, status, principal, cache, context };
    if (this.ready.push({ response, headers: lines, text, startedAtMs, answered }) === 1)
      setImmediate(() => this.flush());
  }

  private contentOf(
    answer: CachedResponse | Problem,
    { request, context }: PendingResponse,
    requestId: string,
  ): Content {
    if (!(answer instanceof Problem)) return conditionalResponse(answer, request.headers['if-none-match']);
    this.problems.note(answer, requestId, context);
    const origin = this.problems.originOf(request);
    return problemAnswer(answer, { instance: request.url ?? '', requestId, origin });
  }

  private flush(): void {
    const leaving = this.ready;
    this.ready = [];
    for (const { response, answered, headers, text } of leaving)
      response.writeHead(answered.status, headers).end(text);
    const leftAtMs = performance.now();
    for (const { answered, startedAtMs, response } of leaving)
      this.accessLog.note(response.destroyed ? inVain(answered) : answered, leftAtMs - startedAtMs);
  }
}

function inVain(answered: AnsweredRequest): AnsweredRequest {
  return { ...answered, status: CALLER_GONE, answer: answered.status };
}

function addLines(lines: string[], headers: Readonly<Record<string, string>>): void {
  for (const name in headers) lines.push(name, headers[name] as string);
}
