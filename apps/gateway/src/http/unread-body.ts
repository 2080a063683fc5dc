import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long a caller may take to see that no more is wanted, before the connection is cut. */
const LINGER_MS = 1_000;

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

/**
 * RFC 9112 §9.6: the response goes out with `Connection: close`, then this side of the connection is closed, and a moment later the other.
 * To close both at once would make the kernel answer what still comes in with a reset, and the caller might lose the response.
 */
export function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  if (!hasUnreadBody(request)) return;
  response.setHeader('connection', 'close');
  // Node reads on to the end of a body that nobody ever wanted, unless somebody looked at it.
  request.pause();
  request.read(0);
  linger(request.socket);
}

/** Node ends a connection behind its last response by this method. */
function linger(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(cut));
  };
}
