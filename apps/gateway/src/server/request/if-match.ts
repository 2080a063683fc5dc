import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { matchesEtagStrongly, type CachedResponse } from '#libs/cache';
import { PreconditionFailed } from '#libs/problem';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { documentedParam } from '../../openapi/documented-param.js';

/** The states for which the caller wants it done, from `If-Match`. */
export const IfMatch = documentedParam(
  createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
    return context.getArgByIndex<FastifyRequest>(0).headers['if-match'];
  }),
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the state for which it is wanted: 412 when the job is in another by now.',
  }),
  ApiProblems('precondition-failed'),
);

/** Throws `PreconditionFailed` where this is none of them (RFC 9110 §13.1.1). */
export function requireMatch(ifMatch: string | undefined, { entry }: CachedResponse): void {
  if (ifMatch !== undefined && !matchesEtagStrongly(ifMatch, entry.etag)) throw new PreconditionFailed();
}
