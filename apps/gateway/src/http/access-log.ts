import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AuthenticatedRequest } from '#libs/auth';
import type { Metrics } from '#libs/telemetry';

/** W3C Trace Context §3.2: version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/** One line and one measurement per request, when its response has left. */
export function logEachRequest(fastify: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.durations('request_duration_seconds', 'Requests, by route and status.', [
    'method',
    'route',
    'status',
  ]);
  fastify.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply);
    const labels = { method: request.method, route: routeOf(request), status: String(reply.statusCode) };
    durations(labels).observe(reply.elapsedTime / 1000);
    done();
  });
}

/** No header of a caller's, no query and no body is ever in it. */
export function logRequest(request: AuthenticatedRequest, reply: FastifyReply): void {
  const entry = {
    requestId: request.id,
    traceId: traceIdOf(request.headers.traceparent),
    method: request.method,
    route: routeOf(request),
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    issuer: request.principal?.issuer,
    subject: request.principal?.subject,
    cache: reply.getHeader('cache-status'),
  };
  request.server.log.info(entry, 'request');
}

/** The route's pattern, never the path: it would be another one for each job. */
function routeOf(request: AuthenticatedRequest): string {
  return request.routeOptions.url ?? 'none';
}

function traceIdOf(traceparent: string | string[] | undefined): string | undefined {
  return typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
}
