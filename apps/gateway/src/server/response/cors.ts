import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { CorsPolicy } from '#libs/policy';

const PREFLIGHT_SECONDS = 600;
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'];
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

  /** Answers what browsers ask before they send (Fetch, CORS-preflight request). */
  async answerPreflights(fastify: FastifyInstance): Promise<void> {
    const decide = await hookOf(fastify, {
      delegator: ({ headers: { origin } }, answer) => {
        const { origins, headers } = this.policy();
        answer(null, {
          origin: origin !== undefined && origins.includes(origin) ? origin : false,
          methods: METHODS,
          allowedHeaders: [...REQUEST_HEADERS, ...headers],
          maxAge: PREFLIGHT_SECONDS,
          credentials: false,
        });
      },
    });
    fastify.addHook('onRequest', function (request, reply, done) {
      if (isPreflight(request)) decide.call(this, request, reply, done);
      else done();
    });
  }
}

function withHeaders(origin: string): [string, CorsHeaders] {
  return [origin, { ...READABLE_BY_ALL, 'access-control-allow-origin': origin }];
}

/** Whoever asks without an origin is no browser, and asks something else (RFC 9110 §9.3.7). */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** The plugin as it is, but it hands over its hook instead of adding it for every request, and adds no route: the hook answers before any. */
async function hookOf(
  fastify: FastifyInstance,
  options: Parameters<typeof cors>[1],
): Promise<onRequestHookHandler> {
  let hook: onRequestHookHandler | undefined;
  const addHook = (_name: string, given: onRequestHookHandler) => void (hook = given);
  const listening = Object.create(fastify, {
    addHook: { value: addHook },
    options: { value: () => {} },
  }) as FastifyInstance;
  await new Promise<void>((resolve, reject) => {
    cors(listening, options, (error) => (error ? reject(error) : resolve()));
  });
  if (!hook) throw new Error('@fastify/cors adds no hook');
  return hook;
}
