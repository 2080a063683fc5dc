import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const PREFLIGHT_SECONDS = 600;
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'];
/** What a page may send beyond the harmless (Fetch, CORS-safelisted request headers). */
const REQUEST_HEADERS = [
  ...['authorization', 'content-type', 'idempotency-key', 'x-print-label', 'x-request-id', 'traceparent'],
  ...['if-none-match', 'cache-control', 'prefer', 'last-event-id'],
];
/** What a page may read of an answer beyond the harmless. */
const RESPONSE_HEADERS = [
  ...['etag', 'age', 'cache-status', 'idempotency-replayed', 'preference-applied', 'x-request-id'],
  ...['retry-after', 'ratelimit', 'ratelimit-policy', 'www-authenticate'],
];

/**
 * What browsers are told: that an answer is data and nothing else (helmet), and which pages may read it (CORS), as the
 * policy in force says. Tokens come in a header and never in a cookie, so credentials are not allowed.
 */
export async function ruleBrowsers(
  fastify: FastifyInstance,
  origins: () => readonly string[],
): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // These are about documents and downloads, or about browsers that are gone.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  });
  await fastify.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && origins().includes(origin)),
    methods: METHODS,
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: RESPONSE_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    credentials: false,
  });
}
