import type { FastifyInstance } from 'fastify';
import { DPOP_ALGORITHMS } from '#libs/auth';
import { RESOURCE_METADATA_PATH } from '#libs/problem';
import type { PublicOrigin } from '../request/public-origin.js';

/** Serves what an OAuth client must know to get a token for this gateway (RFC 9728 §2), to everybody. */
export function serveResourceMetadata(
  fastify: FastifyInstance,
  originOf: PublicOrigin,
  issuers: () => readonly string[],
): void {
  fastify.get(RESOURCE_METADATA_PATH, (request, reply) => {
    const origin = originOf(request.raw);
    void reply.header('cache-control', 'no-store').send({
      resource: origin,
      resource_name: 'IDaaS Print Gateway',
      resource_documentation: origin && `${origin}/docs`,
      authorization_servers: issuers(),
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    });
  });
}
