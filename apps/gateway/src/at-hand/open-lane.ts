import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Lets requests come by the lane first, until the server closes: how it does so is Fastify's own. */
export function openLane(
  fastify: FastifyInstance,
  inFrontOf: (longWay: RequestListener) => RequestListener,
): void {
  const { server } = fastify;
  const [longWay, ...others] = server.listeners('request') as RequestListener[];
  if (!longWay || others.length > 0) throw new Error('Fastify does not listen to requests alone');
  const lane = inFrontOf(longWay);
  server.off('request', longWay).on('request', lane);
  fastify.addHook('preClose', (done) => {
    server.off('request', lane).on('request', longWay);
    done();
  });
}
