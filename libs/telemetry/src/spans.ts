import {
  createTraceState,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { ProxyFor } from '#libs/network';
import { collectorAgent } from './collector-agent.js';
import { RepeatedLines } from './repeated-lines.js';
import type { TraceParent } from './traceparent.js';

/** Begins the spans of traces, and sends them away when they have ended. */
export class Spans {
  constructor(
    private readonly tracer: Tracer,
    private readonly flush: () => Promise<void>,
  ) {}

  begin(name: string, parent: TraceParent | SpanContext | undefined, options: SpanOptions = {}): Span {
    const around = parent ? trace.setSpanContext(ROOT_CONTEXT, remote(parent)) : ROOT_CONTEXT;
    return this.tracer.startSpan(name, options, around);
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

function remote(parent: TraceParent | SpanContext): SpanContext {
  const state = 'state' in parent ? parent.state : undefined;
  return { ...parent, isRemote: true, ...(state !== undefined && { traceState: createTraceState(state) }) };
}

/**
 * Spans that go to this OpenTelemetry collector (OTLP over HTTP). Its packages are loaded only for who wants them. What they say of the
 * process, `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` change and complete, as OpenTelemetry's specification has it.
 */
export async function spansTo(
  endpoint: string,
  { version, proxyFor, log }: { version: string; proxyFor: ProxyFor; log: Pick<Logger, 'error'> },
): Promise<Spans> {
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  sayOnce(log);
  const agent = collectorAgent(endpoint, proxyFor);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    ...(agent && { httpAgentOptions: () => agent }),
  });
  const own = { 'service.name': 'print-gateway', 'service.version': version };
  const provider = new NodeTracerProvider({
    resource: resources
      .resourceFromAttributes(own)
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  return new Spans(provider.getTracer('print-gateway'), () => provider.shutdown());
}

/** A collector that cannot be reached is told of once a minute: traces are lost then, and nothing else. */
function sayOnce(log: Pick<Logger, 'error'>): void {
  const lines = new RepeatedLines(() => performance.now());
  const none = () => {};
  const error = (message: string) => {
    if (lines.isDue('lost'))
      log.error(
        { context: 'Traces', reason: message.slice(0, 500) },
        'Traces are lost: look at OTEL_EXPORTER_OTLP_ENDPOINT.',
      );
  };
  diag.setLogger({ error, warn: none, info: none, debug: none, verbose: none }, DiagLogLevel.ERROR);
}
