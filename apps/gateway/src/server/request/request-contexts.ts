import type { IncomingMessage } from 'node:http';
import { beginRequest, type RequestClient, type RequestContext, type Spans } from '#libs/telemetry';
import type { PublicOrigin } from './public-origin.js';
import type { RequestClients } from './request-clients.js';

/** Begins the contexts of requests, whichever way they take. */
export class RequestContexts {
  constructor(
    /** Undefined where no traces are made. */
    private readonly spans: Spans | undefined,
    private readonly clients: RequestClients,
    private readonly originOf: PublicOrigin,
  ) {}

  /** `route` is the pattern of its path; undefined where it has none. What `answer` causes is part of its trace, where that is recorded. */
  begin(
    request: IncomingMessage,
    route: string | undefined,
    answer: (context: RequestContext) => void,
  ): void {
    const client = this.clients.of(request);
    const describe = () => spanOf(request, route, client, this.originOf(request));
    beginRequest({ headers: request.headers, client, spans: this.spans, describe }, answer);
  }
}

/** OpenTelemetry's semantic conventions for HTTP servers; `origin` is the one by which the caller knows the gateway. */
function spanOf(
  { method = '', url = '' }: IncomingMessage,
  route: string | undefined,
  client: RequestClient,
  origin: string | undefined,
) {
  const { protocol, hostname, port } = new URL(origin ?? 'unknown:');
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.path': url.split('?', 1)[0],
    'url.scheme': origin && protocol.slice(0, -1),
    'server.address': origin && hostname,
    'server.port': port === '' ? undefined : Number(port),
    'client.address': client.address,
    'user_agent.original': client.userAgent,
  };
  return { name: route === undefined ? method : `${method} ${route}`, attributes };
}
