import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { tracedCall } from '#libs/telemetry';
import type { Layer, Send, UpstreamRequest, UpstreamResponse } from './send.js';

const CLIENT_ERROR = 400;
const [HTTP_PORT, HTTPS_PORT] = [80, 443];

/** Told of each request that was sent to the upstream: which operation, how it ended, how long it took. */
export type Observe = (operation: string, outcome: string, seconds: number) => void;

/** Measures what is below it: one HTTP request, without what is waited for around it. */
export function withObservation(observe: Observe, baseUrl: () => string): Layer {
  return (next) => (request) =>
    tracedCall(
      () => spanOf(request, baseUrl()),
      (span) => send(next, request, observe, span),
    );
}

/** OpenTelemetry's semantic conventions for HTTP clients. */
function spanOf({ operation, method, path }: UpstreamRequest, baseUrl: string) {
  const { hostname, port, protocol } = new URL(baseUrl);
  const attributes = {
    'http.request.method': method,
    'url.full': baseUrl + path,
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? HTTPS_PORT : HTTP_PORT)),
  };
  return { name: `upstream ${operation}`, attributes };
}

function send(
  next: Send,
  request: UpstreamRequest,
  observe: Observe,
  span: Span | undefined,
): Promise<UpstreamResponse> {
  const startedAtMs = performance.now();
  return next(request).then(
    (response) => {
      const { status } = response;
      span?.setAttribute('http.response.status_code', status);
      // To a client each refusal is an error.
      if (status >= CLIENT_ERROR)
        span?.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(status));
      tell(observe, request, String(status), startedAtMs);
      return response;
    },
    (error: unknown) => {
      const kind = error instanceof Error ? error.name : 'Error';
      span?.setAttribute('error.type', kind);
      tell(observe, request, kind, startedAtMs);
      throw error;
    },
  );
}

function tell(
  observe: Observe,
  { operation, context }: UpstreamRequest,
  outcome: string,
  startedAtMs: number,
): void {
  const milliseconds = performance.now() - startedAtMs;
  context?.noteUpstreamCall(milliseconds);
  observe(operation, outcome, milliseconds / 1000);
}
