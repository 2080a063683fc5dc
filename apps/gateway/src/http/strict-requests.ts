import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { HeadersTooLarge, MalformedRequest } from '#libs/problem';

const MAX_HEADER_LINES = 100;
/** Headers of which a second line could make two readers see two requests. Node lets the second one pass. */
const ONCE = new Set(['host', 'authorization', 'content-type', 'x-request-id', 'idempotency-key', 'prefer']);

/** Refuses what the parser lets pass: a header that may stand once standing twice, too many lines, a foreign target. */
export function refuseAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { rawHeaders, headers, url } = request.raw;
    done(headersFault(rawHeaders, headers) ?? targetFault(url));
  });
}

/** RFC 9112 §3.2: more than one `Host` line must be answered with 400. */
function headersFault(rawHeaders: readonly string[], headers: IncomingHttpHeaders): Error | undefined {
  if (rawHeaders.length > MAX_HEADER_LINES * 2) return new HeadersTooLarge();
  // As many names as lines: none stands twice.
  if (rawHeaders.length === Object.keys(headers).length * 2) return undefined;
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

/** Only origin-form is served (RFC 9112 §3.2.1): this is no forward proxy. */
function targetFault(url: string | undefined): Error | undefined {
  return url?.startsWith('/')
    ? undefined
    : new MalformedRequest({ detail: 'The request target must be a path.' });
}
