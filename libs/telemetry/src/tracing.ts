import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import type { Span } from '@opentelemetry/api';
import { RequestContext, type RequestClient } from './request-context.js';
import type { Spans } from './spans.js';
import { readTraceparent, writeTraceparent } from './traceparent.js';

interface Place {
  readonly spans: Spans;
  readonly span: Span;
}

/** In which span the code that runs stands. Nothing is ever stored while no traces are made: it would cost each promise. */
const storage = new AsyncLocalStorage<Place>();

/** The context of a request that no span is made for. */
export function contextOf({ traceparent }: IncomingHttpHeaders, client: RequestClient): RequestContext {
  return new RequestContext(
    typeof traceparent === 'string' ? readTraceparent(traceparent) : undefined,
    undefined,
    client,
  );
}

/** Begins a request's context; with `spans` everything that `answer` causes stands in its span. */
export function beginRequest(
  {
    traceparent,
    name,
    spans,
    client,
  }: { traceparent: string | undefined; name: () => string; spans: Spans | undefined; client: RequestClient },
  answer: (context: RequestContext) => void,
): void {
  const parent = traceparent === undefined ? undefined : readTraceparent(traceparent);
  if (!spans) return answer(new RequestContext(parent, undefined, client));
  const span = spans.begin(name(), parent);
  storage.run({ spans, span }, () => answer(new RequestContext(parent, span, client)));
}

/** The `traceparent` to send on (W3C Trace Context §3.2): of the span, or as it came. Undefined without a trace. */
export function traceparentFrom(context: RequestContext | undefined): string | undefined {
  const place = storage.getStore()?.span.spanContext() ?? context?.parent;
  return place && writeTraceparent(place);
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

async function tracedAt<T>(here: Place, name: string, call: () => Promise<T>): Promise<T> {
  const { spans } = here;
  const span = spans.begin(name, here.span.spanContext());
  try {
    return await storage.run({ spans, span }, call);
  } catch (error) {
    spans.fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}
