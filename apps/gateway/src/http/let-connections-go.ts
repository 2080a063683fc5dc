import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const SWEEP_MS = 50;

/**
 * When the server closes it waits for its connections. Those that never sent a byte count as busy for Node, and those that
 * become idle while it waits are kept alive: both would keep a gateway from stopping for a minute.
 */
export function letConnectionsGo(fastify: FastifyInstance): void {
  const sockets = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  fastify.addHook('preClose', (done) => {
    const sweep = setInterval(() => {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      fastify.server.closeIdleConnections();
    }, SWEEP_MS);
    fastify.server.once('close', () => clearInterval(sweep));
    done();
  });
}
