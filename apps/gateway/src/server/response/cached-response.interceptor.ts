import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { CachedResponse } from '#libs/cache';
import { requireMatch } from '../request/if-match.js';
import { conditionalResponse } from './conditional-response.js';

/** What a cached read of a controller returns. */
export interface CachedRead {
  readonly answer: CachedResponse;
  /** How long its caller was ready to wait for it, where it was waited for (RFC 7240 §3). */
  readonly waitedSeconds?: number;
}

/** Sends a cached answer: its headers, and its text or, to who has it already, 304. Throws `PreconditionFailed`. */
export class CachedResponseInterceptor implements NestInterceptor<CachedRead, string | undefined> {
  intercept(context: ExecutionContext, next: CallHandler<CachedRead>): Observable<string | undefined> {
    const { headers } = context.getArgByIndex<FastifyRequest>(0);
    const reply = context.getArgByIndex<FastifyReply>(1);
    return next.handle().pipe(
      map(({ answer, waitedSeconds }) => {
        requireMatch(headers['if-match'], answer);
        const response = conditionalResponse(answer, headers['if-none-match']);
        if (waitedSeconds !== undefined) void reply.header('preference-applied', `wait=${waitedSeconds}`);
        void reply.code(response.status).headers(response.headers);
        return response.text;
      }),
    );
  }
}
