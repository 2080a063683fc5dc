import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { SpanKind, type Attributes, type Span, type SpanOptions } from '@opentelemetry/api';
import { RequestContext, type RequestClient } from './request-context.js';
import type { Spans } from './spans.js';
import { readTraceparent, writeTraceparent, type TraceParent } from './traceparent.js';

interface Place {
  readonly spans: Spans;
  readonly span: Span;
}

/** In which span the code that runs stands. Nothing is ever stored while nothing is recorded: it would cost each promise. */
const storage = new AsyncLocalStorage<Place>();

interface TracedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly client: RequestClient;
  /** Undefined where no traces are made. */
  readonly spans: Spans | undefined;
  /** Asked for where it is recorded. */
  readonly describe: () => { readonly name: string; readonly attributes: Attributes };
}

/** Begins a request's context; where it is recorded, everything that `answer` causes stands in its span. */
export function beginRequest(
  { headers, client, spans, describe }: TracedRequest,
  answer: (context: RequestContext) => void,
): void {
  const parent = parentOf(headers);
  if (!spans) return answer(new RequestContext(parent, undefined, client));
  const span = spans.begin('request', parent, { kind: SpanKind.SERVER });
  if (!span.isRecording()) return answer(new RequestContext(placeOf(span, parent), undefined, client));
  const { name, attributes } = describe();
  span.updateName(name).setAttributes(attributes);
  storage.run({ spans, span }, () => answer(new RequestContext(parent, span, client)));
}

function parentOf({ traceparent, tracestate }: IncomingHttpHeaders): TraceParent | undefined {
  return typeof traceparent === 'string' ? readTraceparent(traceparent, tracestate) : undefined;
}

/** Where the trace of an unrecorded span goes on, upstream and in the log. */
function placeOf(span: Span, parent: TraceParent | undefined): TraceParent {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { traceId, spanId, traceFlags, state: parent?.state };
}

/** The headers that carry the trace on (W3C Trace Context §3): of the span, or as they came. Undefined without a trace. */
export function traceHeadersFrom(context: RequestContext | undefined): Record<string, string> | undefined {
  const here = storage.getStore()?.span.spanContext();
  const place = here ?? context?.parent;
  if (!place) return undefined;
  const state = here ? here.traceState?.serialize() : context?.parent?.state;
  return { traceparent: writeTraceparent(place), ...(state && { tracestate: state }) };
}

/** Does it as a part of the request's trace, when there is one: what does not wait. */
export function tracedNow<T>(name: string, work: () => T): T {
  const here = storage.getStore();
  if (!here) return work();
  const span = here.spans.begin(name, here.span.spanContext());
  try {
    return work();
  } finally {
    span.end();
  }
}

/** Does it as a part of the request's trace, when there is one: what waits. */
export function traced<T>(name: string, call: () => Promise<T>): Promise<T> {
  const here = storage.getStore();
  return here ? tracedAt(here, name, call) : call();
}

/** The same for a call over the network, which notes what came of it in its span, where there is one. */
export function tracedCall<T>(
  describe: () => { readonly name: string; readonly attributes: Attributes },
  call: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const here = storage.getStore();
  if (!here) return call(undefined);
  const { name, attributes } = describe();
  return tracedAt(here, name, call, { kind: SpanKind.CLIENT, attributes });
}

async function tracedAt<T>(
  { spans, span: around }: Place,
  name: string,
  call: (span: Span) => Promise<T>,
  options?: SpanOptions,
): Promise<T> {
  const span = spans.begin(name, around.spanContext(), options);
  try {
    return await storage.run({ spans, span }, () => call(span));
  } catch (error) {
    spans.fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}
