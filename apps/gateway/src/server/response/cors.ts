import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CorsPolicy } from '#libs/policy';
import { OriginNotAllowed } from './cors.problems.js';

const PREFLIGHT_SECONDS = 600;
const METHODS = 'GET, POST, PATCH, DELETE';
/** What a page may send beyond the harmless (Fetch, CORS-safelisted request headers). */
const REQUEST_HEADERS = [
  ...[
    'authorization',
    'dpop',
    'content-type',
    'idempotency-key',
    'x-print-label',
    'x-request-id',
    'traceparent',
    'tracestate',
  ],
  ...['if-match', 'if-none-match', 'cache-control', 'prefer', 'last-event-id'],
];
/** What a page may read of an answer beyond the harmless. */
const RESPONSE_HEADERS = [
  ...['etag', 'age', 'cache-status', 'idempotency-replayed', 'preference-applied', 'x-request-id'],
  ...['retry-after', 'ratelimit', 'ratelimit-policy', 'www-authenticate', 'dpop-nonce'],
].join(', ');

type CorsHeaders = Readonly<Record<string, string>>;
const NONE: CorsHeaders = {};
/** Of answers that depend on nobody's request: any page may read them. */
export const READABLE_BY_ALL = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': RESPONSE_HEADERS,
} as const;

/**
 * Tells browsers which pages may read an answer, as the policy in force says. Tokens come in a header and never in a cookie, so
 * credentials are not allowed.
 */
export class Cors {
  /** Worked out once for each policy: a page polls. */
  private readonly headersOf = new WeakMap<CorsPolicy, ReadonlyMap<string, CorsHeaders>>();

  constructor(private readonly policy: () => CorsPolicy) {}

  /** What goes with every answer to a page of this origin. */
  headersFor(origin: string): CorsHeaders {
    const policy = this.policy();
    let headers = this.headersOf.get(policy);
    if (!headers) this.headersOf.set(policy, (headers = new Map(policy.origins.map(withHeaders))));
    return headers.get(origin) ?? NONE;
  }

  /**
   * Answers what browsers ask before they send (Fetch, CORS-preflight request), and says so where a page is of an origin that the policy does
   * not name. Not by `@fastify/cors`, whose route for every path takes OPTIONS of the whole server, and which is silent to a refused page.
   */
  answerPreflights(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!isPreflight(request)) return done();
      const { origins, headers } = this.policy();
      if (!origins.includes(request.headers.origin)) return done(new OriginNotAllowed());
      void reply
        .code(204)
        .headers({
          'access-control-allow-methods': METHODS,
          'access-control-allow-headers': [...REQUEST_HEADERS, ...headers].join(', '),
          'access-control-max-age': PREFLIGHT_SECONDS,
        })
        .send();
    });
  }
}

function withHeaders(origin: string): [string, CorsHeaders] {
  return [origin, { ...READABLE_BY_ALL, 'access-control-allow-origin': origin }];
}

type Preflight = FastifyRequest & { readonly headers: { readonly origin: string } };

/** Whoever asks without an origin is no browser, and asks something else (RFC 9110 §9.3.7). */
function isPreflight(request: FastifyRequest): request is Preflight {
  const { method, headers } = request;
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
