import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AuthenticatedRequest } from '#libs/auth';
import { beginRequest, type Metrics, type RequestContext, type Spans } from '#libs/telemetry';

type LoggedRequest = AuthenticatedRequest & { context?: RequestContext };

/** One line, one measurement and, where they are wanted, one trace per request, ended when its response has left. */
export function logEachRequest(fastify: FastifyInstance, metrics: Metrics, spans: Spans | undefined): void {
  const durations = metrics.durations('request_duration_seconds', 'Requests, by route and status.', [
    'method',
    'route',
    'status',
  ]);
  fastify.decorateRequest('context');
  fastify.addHook('onRequest', (request: LoggedRequest, _reply, done) => {
    const { traceparent } = request.headers as { traceparent?: string };
    request.context = beginRequest(
      { traceparent, name: `${request.method} ${routeOf(request)}`, spans },
      done,
    );
  });
  fastify.addHook('onResponse', (request: LoggedRequest, reply, done) => {
    logRequest(request, reply);
    const labels = { method: request.method, route: routeOf(request), status: String(reply.statusCode) };
    durations(labels).observe(reply.elapsedTime / 1000);
    request.context?.span?.setAttribute('http.response.status_code', reply.statusCode).end();
    done();
  });
}

/** No header of a caller's, no query and no body is ever in it. */
export function logRequest(request: LoggedRequest, reply: FastifyReply): void {
  const { span, parent, upstream } = request.context ?? {};
  const entry = {
    requestId: request.id,
    traceId: (span?.spanContext() ?? parent)?.traceId,
    method: request.method,
    route: routeOf(request),
    status: reply.statusCode,
    durationMs: toMicroseconds(reply.elapsedTime),
    issuer: request.principal?.issuer,
    subject: request.principal?.subject,
    cache: reply.getHeader('cache-status'),
    ...(upstream?.calls && {
      upstreamCalls: upstream.calls,
      upstreamMs: toMicroseconds(upstream.milliseconds),
    }),
  };
  request.server.log.info(entry, 'request');
}

/** The route's pattern, never the path: it would be another one for each job. */
function routeOf(request: AuthenticatedRequest): string {
  return request.routeOptions.url ?? 'none';
}

function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
