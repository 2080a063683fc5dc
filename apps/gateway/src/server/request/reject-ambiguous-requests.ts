import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ExpectationFailed, HeadersTooLarge, MalformedRequest } from '#libs/problem';

const MAX_HEADER_LINES = 100;
/** Headers of which a second line could make two readers see two requests. Node lets the second one pass. */
const ONCE = new Set([
  'host',
  'authorization',
  'content-type',
  'x-request-id',
  'idempotency-key',
  'dpop',
  'client-cert',
]);

/** Refuses what the parser lets pass: a header that may stand once standing twice, too many lines, a foreign target, an unknown expectation. */
export function rejectAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    done(headersFault(raw) ?? targetFault(raw) ?? expectationFault(raw.headers.expect));
  });
}

/** Whether it has as many names as lines, so that none stands twice, and not too many of them. */
export function hasEachHeaderOnce({ rawHeaders, headers }: IncomingMessage): boolean {
  return rawHeaders.length <= MAX_HEADER_LINES * 2 && rawHeaders.length === Object.keys(headers).length * 2;
}

/** RFC 9112 §3.2: more than one `Host` line must be answered with 400. */
function headersFault(request: IncomingMessage): Error | undefined {
  if (hasEachHeaderOnce(request)) return undefined;
  const { rawHeaders } = request;
  if (rawHeaders.length > MAX_HEADER_LINES * 2) return new HeadersTooLarge();
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    if (!ONCE.has(name)) continue;
    if (seen.has(name))
      return new MalformedRequest({ detail: `The header ${name} may stand once only.`, target: name });
    seen.add(name);
  }
  return undefined;
}

/** Only origin-form is served (RFC 9112 §3.2.1), for this is no forward proxy, and the one that asks for the whole server (§3.2.4). */
function targetFault({ method, url }: IncomingMessage): Error | undefined {
  return url?.startsWith('/') || (method === 'OPTIONS' && url === '*')
    ? undefined
    : new MalformedRequest({ detail: 'The request target must be a path.' });
}

function expectationFault(expect: string | undefined): Error | undefined {
  return expect === undefined || expect.toLowerCase() === '100-continue'
    ? undefined
    : new ExpectationFailed();
}
