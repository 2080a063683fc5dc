import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Lets requests come to the fast path first, until the server closes: how it does so is Fastify's own. */
export function installFastPath(
  fastify: FastifyInstance,
  inFrontOf: (framework: RequestListener) => RequestListener,
): void {
  const { server } = fastify;
  const [framework, ...others] = server.listeners('request') as RequestListener[];
  if (!framework || others.length > 0) throw new Error('Fastify does not listen to requests alone');
  const fastPath = inFrontOf(framework);
  server.off('request', framework).on('request', fastPath);
  fastify.addHook('preClose', (done) => {
    server.off('request', fastPath).on('request', framework);
    done();
  });
}
