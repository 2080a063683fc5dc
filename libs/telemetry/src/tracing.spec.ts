import type { IncomingMessage } from 'node:http';
import type { Span, SpanContext } from '@opentelemetry/api';
import type { RequestContext } from './request-context.js';
import type { Spans } from './spans.js';
import type { TraceParent } from './traceparent.js';
import { beginRequest, traced, traceHeadersFrom, unrecordedContext } from './tracing.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traceparent = (flags: string) => `00-${TRACE}-b7ad6b7169203331-${flags}`;
const client = { address: undefined, userAgent: undefined, members: '' };

/** A tracer that records what its caller recorded, and every other trace in turn, beginning with none. */
class Tracer {
  readonly begun: { name: string; traceId: string; spanId: string; attributes: object }[] = [];
  private turn = 0;

  begin(name: string, parent: TraceParent | SpanContext | undefined): Span {
    const isRecorded = parent ? parent.traceFlags === 1 : this.turn++ % 2 === 1;
    const traceId = parent?.traceId ?? `${this.begun.length}`.padStart(32, 'a');
    const noted = { name, traceId, spanId: `${this.begun.length}`.padStart(16, 'b'), attributes: {} };
    this.begun.push(noted);
    const span = {
      isRecording: () => isRecorded,
      spanContext: () => ({ traceId, spanId: noted.spanId, traceFlags: Number(isRecorded) }),
      updateName: (changed: string) => ((noted.name = changed), span),
      setAttributes: (attributes: object) => ((noted.attributes = attributes), span),
      end: () => {},
    };
    return span as unknown as Span;
  }
}

describe('the trace of a request', () => {
  let tracer: Tracer;
  let spans: Spans;
  beforeEach(() => {
    tracer = new Tracer();
    spans = tracer as unknown as Spans;
  });
  const requestOf = (headers: Record<string, string> = {}) => ({ headers }) as unknown as IncomingMessage;
  const describeIt = () => ({ name: 'GET /x', attributes: { 'http.route': '/x' } });
  const begin = (request: IncomingMessage, isTraced = true) =>
    new Promise<{ context: RequestContext; headers: Record<string, string> | undefined }>((resolve) =>
      beginRequest(
        { request, client, spans: isTraced ? spans : undefined, describe: describeIt },
        (context) => resolve({ context, headers: traceHeadersFrom(context) }),
      ),
    );

  it('goes on as it came where nothing is traced', async () => {
    const request = requestOf({ traceparent: traceparent('01'), tracestate: 'a=1' });
    const { context, headers } = await begin(request, false);
    expect([context.traceId, context.span, headers]).toEqual([
      TRACE,
      undefined,
      { traceparent: traceparent('01'), tracestate: 'a=1' },
    ]);
    expect(unrecordedContext({ request, client, spans: undefined })?.traceId).toBe(TRACE);
    expect((await begin(requestOf(), false)).headers).toBeUndefined();
  });

  it('that is not recorded goes on with an id of its own, and says that it is not', async () => {
    const { context, headers } = await begin(requestOf());
    const [{ traceId, spanId }] = tracer.begun as [Tracer['begun'][0]];
    expect([context.traceId, context.span]).toEqual([traceId, undefined]);
    expect(headers).toEqual({ traceparent: `00-${traceId}-${spanId}-00` });
  });

  it('that its caller does not record goes on as the caller’s, with its state', async () => {
    const { headers } = await begin(requestOf({ traceparent: traceparent('00'), tracestate: 'a=1' }));
    const [{ spanId }] = tracer.begun as [Tracer['begun'][0]];
    expect(headers).toEqual({ traceparent: `00-${TRACE}-${spanId}-00`, tracestate: 'a=1' });
  });

  it('that is not recorded has no spans within', async () => {
    await new Promise<void>((resolve) =>
      beginRequest({ request: requestOf(), client, spans, describe: describeIt }, () =>
        resolve(traced('within', () => Promise.resolve())),
      ),
    );
    expect(tracer.begun.map(({ name }) => name)).toEqual(['request']);
  });

  it('that is recorded has its span, and those within', async () => {
    const request = requestOf({ traceparent: traceparent('01') });
    await new Promise<void>((resolve) =>
      beginRequest({ request, client, spans, describe: describeIt }, (context) => {
        expect(context.span?.isRecording()).toBe(true);
        resolve(traced('within', () => Promise.resolve()));
      }),
    );
    expect(tracer.begun).toMatchObject([
      { name: 'GET /x', traceId: TRACE, attributes: { 'http.route': '/x' } },
      { name: 'within', traceId: TRACE },
    ]);
  });

  it('is recorded or not once and for all, whoever asks how often', async () => {
    const [first, second] = [requestOf(), requestOf()];
    expect(unrecordedContext({ request: first, client, spans })).toBeDefined();
    for (let turn = 0; turn < 3; turn += 1)
      expect(unrecordedContext({ request: second, client, spans })).toBeUndefined();
    const { context } = await begin(second);
    expect(context.span?.spanContext().traceId).toBe(tracer.begun[1]?.traceId);
    expect(tracer.begun.map(({ name }) => name)).toEqual(['request', 'GET /x']);
  });
});
