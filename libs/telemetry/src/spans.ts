import { ROOT_CONTEXT, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { TraceParent } from './traceparent.js';

/** Begins the spans of traces, and sends them away when they have ended. */
export class Spans {
  constructor(
    private readonly tracer: Tracer,
    private readonly flush: () => Promise<void>,
  ) {}

  begin(name: string, parent: TraceParent | undefined): Span {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
    return this.tracer.startSpan(name, {}, context);
  }

  /** Only what kind of error it was: its message may be about a caller. */
  fail(span: Span, error: unknown): void {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'Error' });
  }

  /** Sends what is left. */
  close(): Promise<void> {
    return this.flush();
  }
}

/** Spans that go to this OpenTelemetry collector (OTLP over HTTP). Its packages are loaded only for who wants them. */
export async function spansTo(endpoint: string): Promise<Spans> {
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'print-gateway' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  return new Spans(provider.getTracer('print-gateway'), () => provider.shutdown());
}
