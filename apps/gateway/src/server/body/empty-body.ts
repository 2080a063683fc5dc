import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Takes a body of no length for none, whatever is said of it: axios, ky and generated clients name a media type with each request, a
 * `DELETE` among them. A type is about content (RFC 9110 §8.3), and there is none.
 */
export function takeEmptyBodiesForNone(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    if (headers['content-type'] !== undefined && isEmpty(headers)) delete headers['content-type'];
    done();
  });
}

function isEmpty({ 'content-length': length = '0', 'transfer-encoding': encoding }: IncomingHttpHeaders) {
  return length === '0' && encoding === undefined;
}
