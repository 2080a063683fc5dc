import type { FastifyInstance } from 'fastify';
import { securityHeaders } from './security-headers.js';

/** Sends with every answer which request it answers, and what browsers are told. */
export async function sendCommonHeaders(fastify: FastifyInstance): Promise<void> {
  // Also without an `Origin`: a copy in a browser's cache must not answer another page (Fetch, CORS protocol and HTTP caches).
  const headers = { ...(await securityHeaders()), vary: 'Origin' };
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}
