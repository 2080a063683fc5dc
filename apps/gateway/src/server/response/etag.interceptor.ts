import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { etagOf, matchesEtag } from '#libs/cache';
import { JSON_MEDIA_TYPE } from './conditional-response.js';

/** Sends what is made anew each time as JSON with its ETag; 304 to who has it already (RFC 9110 §13.1.2). */
export class EtagInterceptor implements NestInterceptor<unknown, string | undefined> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string | undefined> {
    const { headers } = context.getArgByIndex<FastifyRequest>(0);
    const reply = context.getArgByIndex<FastifyReply>(1);
    return next
      .handle()
      .pipe(map((value) => respond(reply, JSON.stringify(value), headers['if-none-match'])));
  }
}

function respond(reply: FastifyReply, text: string, ifNoneMatch: string | undefined): string | undefined {
  const etag = etagOf(text);
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) return void reply.code(304);
  void reply.header('content-type', JSON_MEDIA_TYPE);
  return text;
}
