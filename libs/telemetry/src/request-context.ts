import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import type { Spans } from './spans.js';
import { readTraceparent, writeTraceparent, type TraceParent } from './traceparent.js';

/** What is known of the request that is being answered, wherever in the code that happens. */
export interface RequestContext {
  /** Where the trace comes from, when the caller sent a `traceparent`. */
  readonly parent: TraceParent | undefined;
  /** What it caused upstream so far. */
  readonly upstream: { calls: number; milliseconds: number };
  /** Only while traces are sent somewhere. */
  readonly spans: Spans | undefined;
  readonly span: Span | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Everything that `answer` begins knows this request. */
export function beginRequest(
  { traceparent, name, spans }: { traceparent: string | undefined; name: string; spans: Spans | undefined },
  answer: () => void,
): RequestContext {
  const parent = readTraceparent(traceparent);
  const span = spans?.begin(name, parent);
  const context = { parent, upstream: { calls: 0, milliseconds: 0 }, spans, span };
  storage.run(context, answer);
  return context;
}

/** Notes a call to the upstream. */
export function noteUpstreamCall(milliseconds: number): void {
  const upstream = storage.getStore()?.upstream;
  if (!upstream) return;
  upstream.calls += 1;
  upstream.milliseconds += milliseconds;
}

/** The `traceparent` to send on (W3C Trace Context §3.2): of the span, or as it came. Undefined without a trace. */
export function currentTraceparent(): string | undefined {
  const context = storage.getStore();
  const place = context?.span?.spanContext() ?? context?.parent;
  return place && writeTraceparent(place);
}

/** Does it as a part of the request's trace, when there is one: what does not wait. */
export function tracedNow<T>(name: string, work: () => T): T {
  const context = storage.getStore();
  const span = context?.spans?.begin(name, context.span?.spanContext());
  try {
    return work();
  } finally {
    span?.end();
  }
}

/** Does it as a part of the request's trace, when there is one: what waits. */
export async function traced<T>(name: string, call: () => Promise<T>): Promise<T> {
  const context = storage.getStore();
  if (!context?.spans) return call();
  const span = context.spans.begin(name, context.span?.spanContext());
  try {
    return await storage.run({ ...context, span }, call);
  } catch (error) {
    context.spans.fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}
