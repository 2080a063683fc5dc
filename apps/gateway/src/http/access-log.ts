import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AuthenticatedRequest } from '#libs/auth';

/** One line per request, written when its response has left. */
export function logEachRequest(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply);
    done();
  });
}

/** No header, no query and no body is ever in it. */
export function logRequest(request: AuthenticatedRequest, reply: FastifyReply): void {
  const entry = {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? 'none',
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    issuer: request.principal?.issuer,
    subject: request.principal?.subject,
  };
  request.server.log.info(entry, 'request');
}
