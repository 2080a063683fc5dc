import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { lingeringClose } from '../connections/lingering-close.js';

/** Whether a part of the request's body may still be on its way. */
export function hasUnreadBody({ headers, complete }: IncomingMessage): boolean {
  if (complete) return false;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return length !== '0' || encoding !== undefined;
}

/** Answers whoever was refused before the body was read, and closes: the rest of the body is neither read nor taken for a request. */
export function closeOnUnreadBodies(fastify: FastifyInstance): void {
  fastify.addHook('onSend', ({ raw }, reply, payload, done) => {
    leaveUnread(raw, reply.raw);
    done(null, payload);
  });
}

/** The response goes out with `Connection: close`, and the connection ends behind it (`lingeringClose`). */
export function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  if (!hasUnreadBody(request)) return;
  response.setHeader('connection', 'close');
  // Node reads on to the end of a body that nobody ever wanted, unless somebody looked at it.
  request.pause();
  request.read(0);
  // Node ends a connection behind its last response by this method.
  const { socket } = request;
  socket.destroySoon = () => lingeringClose(socket);
}
