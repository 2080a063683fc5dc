import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { matchesEtagStrongly, type CachedResponse } from '#libs/cache';
import { PreconditionFailed } from '#libs/problem';

/** The states for which the caller wants it done, from `If-Match`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return context.getArgByIndex<FastifyRequest>(0).headers['if-match'];
});

/** Throws `PreconditionFailed` where this is none of them (RFC 9110 §13.1.1). */
export function requireMatch(ifMatch: string | undefined, { entry }: CachedResponse): void {
  if (ifMatch !== undefined && !matchesEtagStrongly(ifMatch, entry.etag)) throw new PreconditionFailed();
}
