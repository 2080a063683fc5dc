import type { FastifyInstance } from 'fastify';
import { securityHeaders } from './security-headers.js';

export type CommonHeaders = Readonly<Record<string, string>>;

/** What goes with every answer and never changes: what browsers are told. */
export async function commonHeaders(): Promise<CommonHeaders> {
  // Also without an `Origin`: a copy in a browser's cache must not answer another page (Fetch, CORS protocol and HTTP caches).
  return { ...(await securityHeaders()), vary: 'Origin' };
}

/** Sends them with every answer, and which request it answers. */
export function sendCommonHeaders(fastify: FastifyInstance, headers: CommonHeaders): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}
