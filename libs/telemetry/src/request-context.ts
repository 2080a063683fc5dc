import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Problem } from '#libs/problem';
import type { TraceParent } from './traceparent.js';

const SERVER_ERROR = 500;

/** An answer that stays open, as the log tells of it when it has ended. */
export interface StreamedAnswer {
  /** Why it ended: of a small fixed set, in letters. */
  readonly reason: string;
  /** How many events were sent. */
  readonly events: number;
}

/** From where a request came, as its headers and its connection say. */
export interface RequestClient {
  readonly address: string | undefined;
  /** Its beginning. */
  readonly userAgent: string | undefined;
  /** Both as members of a JSON object, behind a comma each. */
  readonly members: string;
}

/** To which trace one request of a caller belongs, and what it caused upstream so far. */
export class RequestContext {
  upstreamCalls = 0;
  upstreamMs = 0;
  /** How long it waited for a change because its caller asked for that. */
  waitedMs = 0;
  /** Where it is answered with a stream. */
  stream: StreamedAnswer | undefined;
  /** What it was refused with. */
  problem: Problem | undefined;

  constructor(
    /** Where the trace comes from, when the caller sent a `traceparent`. */
    readonly parent: TraceParent | undefined,
    /** Only while traces are sent somewhere. */
    readonly span: Span | undefined,
    readonly client: RequestClient,
  ) {}

  get traceId(): string | undefined {
    return (this.span?.spanContext() ?? this.parent)?.traceId;
  }

  noteUpstreamCall(milliseconds: number): void {
    this.upstreamCalls += 1;
    this.upstreamMs += milliseconds;
  }

  /** Ends its span, when its response has left. */
  end(status: number): void {
    if (!this.span) return;
    this.span.setAttribute('http.response.status_code', status);
    // Only what is the server's fault counts as an error of its span.
    if (status >= SERVER_ERROR)
      this.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(status));
    this.span.end();
  }
}

/** A request that carries its context. */
export interface ContextualRequest {
  context?: RequestContext;
}
