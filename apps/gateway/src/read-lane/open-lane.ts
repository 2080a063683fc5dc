import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Lets requests come by the lane first, until the server closes: how it does so is Fastify's own. */
export function openLane(
  fastify: FastifyInstance,
  inFrontOf: (framework: RequestListener) => RequestListener,
): void {
  const { server } = fastify;
  const [framework, ...others] = server.listeners('request') as RequestListener[];
  if (!framework || others.length > 0) throw new Error('Fastify does not listen to requests alone');
  const lane = inFrontOf(framework);
  server.off('request', framework).on('request', lane);
  fastify.addHook('preClose', (done) => {
    server.off('request', lane).on('request', framework);
    done();
  });
}
