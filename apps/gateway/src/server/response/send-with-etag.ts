import type { FastifyReply } from 'fastify';
import { etagOf, matchesEtag } from '#libs/cache';

/** Sends a JSON text that is made anew each time; 304 to who has it already (RFC 9110 §13.1.2). */
export function sendWithEtag(reply: FastifyReply, text: string, ifNoneMatch: string | undefined): void {
  const etag = etagOf(text);
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) void reply.code(304).send();
  else void reply.header('content-type', 'application/json; charset=utf-8').send(text);
}
