import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { hasUnreadBody } from './unread-body.js';

/**
 * Tells a caller who asked first (`Expect: 100-continue`, RFC 9110 §10.1.1) to send the body when it is about to be read, and not before
 * it is clear that the caller is allowed to. Node by itself says so to everybody.
 */
export function continueBeforeBody(fastify: FastifyInstance): void {
  const { server } = fastify;
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response);
  server.on('checkContinue', answer).on('checkExpectation', answer);
  fastify.addHook('preParsing', ({ raw }, reply, payload, done) => {
    if (raw.headers.expect !== undefined && hasUnreadBody(raw)) reply.raw.writeContinue();
    done(null, payload);
  });
}
