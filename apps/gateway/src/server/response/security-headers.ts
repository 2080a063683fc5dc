import helmet from '@fastify/helmet';
import Fastify from 'fastify';

/**
 * What browsers are told of every answer: that it is data and nothing else. Helmet works its headers out at each request
 * although they never change, so it is asked once, at start.
 */
export async function securityHeaders(): Promise<Record<string, string>> {
  const probe = Fastify();
  await probe.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // CORS decides who may read. The others are about documents and downloads, or about browsers that are gone.
    crossOriginResourcePolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  });
  probe.get('/', (_request, reply) => reply.send(reply.raw.getHeaders()));
  return (await probe.inject('/')).json();
}
