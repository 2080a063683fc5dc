import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cors } from './cors.js';
import { securityHeaders } from './security-headers.js';

export type CommonHeaders = Readonly<Record<string, string>>;

/** What goes with every answer and never changes: what browsers are told. */
export function commonHeaders(): CommonHeaders {
  // Also without an `Origin`: a copy in a browser's cache must not answer another page (Fetch, CORS protocol and HTTP caches). Nor
  // another person, even where a page takes what is stored without asking (Fetch, cache mode `force-cache`).
  return { ...securityHeaders(), vary: 'Origin, Authorization' };
}

/** What no route says more of is kept by nobody: every answer depends on who asks (RFC 9111 §5.2.2.5). */
const NOT_KEPT = { 'cache-control': 'no-store' };

/** What goes with every answer, whatever it is and whoever gives it. */
export class ResponseHeaders {
  constructor(
    readonly common: CommonHeaders,
    private readonly cors: Cors,
  ) {}

  /** Before anything can go wrong with a request. */
  sendWithEachReply(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      this.putOn(reply, request);
      done();
    });
  }

  /** Puts them on a reply, and which request it answers. */
  putOn(reply: FastifyReply, { id, headers }: FastifyRequest): void {
    void reply.headers(this.common).headers(NOT_KEPT).header('x-request-id', id);
    if (headers.origin !== undefined) void reply.headers(this.forPage(headers.origin));
  }

  /** What a page of this origin is told besides. */
  forPage(origin: string): Readonly<Record<string, string>> {
    return this.cors.headersFor(origin);
  }
}
