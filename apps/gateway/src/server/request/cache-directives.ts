import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferenceOf } from './prefer.js';

const MAX_WAIT_SECONDS = 60;
const SECONDS = /^\d{1,9}$/;
const NO_CACHE = /(?:^|[,\s])no-cache(?:$|[,\s])/i;

/** What a caller asks of a cached read. */
export interface CacheDirectives {
  readonly ifNoneMatch: string | undefined;
  readonly ifMatch: string | undefined;
  /** `Cache-Control: no-cache` (RFC 9111 §5.2.1.4). */
  readonly revalidate: boolean;
  /** `Prefer: wait=N` (RFC 7240 §4.3), at most 60. */
  readonly waitSeconds: number | undefined;
  /** By what the caller is admitted again after a wait. */
  readonly authorization: string | undefined;
  /** A signal that ends when the caller has gone; made only for who asks for it. */
  gone(): AbortSignal;
}

/** Hands a route what its caller asks of the cache. */
export const RequestCacheDirectives = createParamDecorator(
  (_: unknown, context: ExecutionContext): CacheDirectives =>
    cacheDirectives(context.getArgByIndex<FastifyRequest>(0), context.getArgByIndex<FastifyReply>(1)),
);

/** Whether `Cache-Control` says `no-cache` (RFC 9111 §5.2.1.4), as browsers do for `fetch` with `no-store`. */
export function wantsRevalidation(headers: IncomingHttpHeaders): boolean {
  const cacheControl = headers['cache-control'];
  return cacheControl !== undefined && NO_CACHE.test(cacheControl);
}

function cacheDirectives({ headers }: FastifyRequest, reply: FastifyReply): CacheDirectives {
  return {
    ifNoneMatch: headers['if-none-match'],
    ifMatch: headers['if-match'],
    revalidate: wantsRevalidation(headers),
    waitSeconds: waitSecondsOf(headers.prefer),
    authorization: headers.authorization,
    gone: () => {
      const abort = new AbortController();
      reply.raw.once('close', () => abort.abort());
      return abort.signal;
    },
  };
}

function waitSecondsOf(prefer: string | string[] | undefined): number | undefined {
  const seconds = preferenceOf('wait', prefer);
  return seconds !== undefined && SECONDS.test(seconds)
    ? Math.min(MAX_WAIT_SECONDS, Number(seconds))
    : undefined;
}
