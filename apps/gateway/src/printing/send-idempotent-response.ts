import type { FastifyReply } from 'fastify';
import type { Done } from '#libs/idempotency';

/** Sends what was done, now or before. */
export function sendIdempotentResponse(reply: FastifyReply, { response, isReplay }: Done): void {
  if (isReplay) void reply.header('idempotency-replayed', 'true');
  void reply
    .code(response.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(response.body);
}
