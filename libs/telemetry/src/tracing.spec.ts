import type { IncomingHttpHeaders } from 'node:http';
import type { Span, SpanContext } from '@opentelemetry/api';
import type { RequestContext } from './request-context.js';
import type { Spans } from './spans.js';
import type { TraceParent } from './traceparent.js';
import { beginRequest, traced, traceHeadersFrom } from './tracing.js';

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
  const describeIt = () => ({ name: 'GET /x', attributes: { 'http.route': '/x' } });
  /** What the request's context and the headers to the upstream are, and what is done within it. */
  const begin = (headers: IncomingHttpHeaders, isTraced = true, work = () => Promise.resolve()) =>
    new Promise<{ context: RequestContext; sentOn: Record<string, string> | undefined; done: Promise<void> }>(
      (resolve) =>
        beginRequest(
          { headers, client, spans: isTraced ? spans : undefined, describe: describeIt },
          (context) => resolve({ context, sentOn: traceHeadersFrom(context), done: work() }),
        ),
    );

  it('goes on as it came where nothing is traced', async () => {
    const headers = { traceparent: traceparent('01'), tracestate: 'a=1' };
    const { context, sentOn } = await begin(headers, false);
    expect([context.traceId, context.span, sentOn]).toEqual([TRACE, undefined, headers]);
    expect((await begin({}, false)).sentOn).toBeUndefined();
  });

  it('that is not recorded goes on with an id of its own, and says that it is not', async () => {
    const { context, sentOn } = await begin({});
    const [{ traceId, spanId }] = tracer.begun as [Tracer['begun'][0]];
    expect([context.traceId, context.span]).toEqual([traceId, undefined]);
    expect(sentOn).toEqual({ traceparent: `00-${traceId}-${spanId}-00` });
  });

  it('that its caller does not record goes on as the caller’s, with its state', async () => {
    const { sentOn } = await begin({ traceparent: traceparent('00'), tracestate: 'a=1' });
    const [{ spanId }] = tracer.begun as [Tracer['begun'][0]];
    expect(sentOn).toEqual({ traceparent: `00-${TRACE}-${spanId}-00`, tracestate: 'a=1' });
  });

  it('that is not recorded has no spans within', async () => {
    await (
      await begin({}, true, () => traced('within', () => Promise.resolve()))
    ).done;
    expect(tracer.begun.map(({ name }) => name)).toEqual(['request']);
  });

  it('that is recorded has its span, and those within', async () => {
    const work = () => traced('within', () => Promise.resolve());
    const { context, sentOn, done } = await begin({ traceparent: traceparent('01') }, true, work);
    await done;
    expect(tracer.begun).toMatchObject([
      { name: 'GET /x', traceId: TRACE, attributes: { 'http.route': '/x' } },
      { name: 'within', traceId: TRACE },
    ]);
    expect(context.span?.isRecording()).toBe(true);
    expect(sentOn).toEqual({ traceparent: `00-${TRACE}-${tracer.begun[0]?.spanId}-01` });
  });

  it('that is recorded is not that of the request beside it', async () => {
    const work = () =>
      new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
        traced('within', () => Promise.resolve()),
      );
    const [one, other] = [
      await begin({ traceparent: traceparent('01') }, true, work),
      await begin({}, true, work),
    ];
    await Promise.all([one.done, other.done]);
    expect(tracer.begun.map(({ name, traceId }) => [name, traceId === TRACE])).toEqual([
      ['GET /x', true],
      ['request', false],
      ['within', true],
    ]);
  });
});
