import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { IdempotentResponse } from '#libs/idempotency';
import { JSON_MEDIA_TYPE } from '../server/response/conditional-response.js';

/** Sends what was done, now or before. */
export class IdempotentResponseInterceptor implements NestInterceptor<IdempotentResponse, string> {
  intercept(context: ExecutionContext, next: CallHandler<IdempotentResponse>): Observable<string> {
    const reply = context.getArgByIndex<FastifyReply>(1);
    return next.handle().pipe(
      map(({ response, isReplay }) => {
        if (isReplay) void reply.header('idempotency-replayed', 'true');
        void reply.code(response.status).header('content-type', JSON_MEDIA_TYPE);
        return response.body;
      }),
    );
  }
}
