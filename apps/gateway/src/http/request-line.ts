import type { FastifyReply } from 'fastify';
import type { AuthenticatedRequest, Principal } from '#libs/auth';
import type { ContextualRequest } from '#libs/telemetry';

export type LoggedRequest = AuthenticatedRequest & ContextualRequest;

/** The members of a caller as JSON, worked out once per verified token. */
const callers = new WeakMap<Principal, string>();

/**
 * One request as a line of the log, as pino would write it at level `info`. It is put together here because there is one for
 * each request: what a caller chooses is turned into JSON once, all else is of our own making and needs no escaping.
 * No header of a caller's, no query and no body is ever in it, but for a request id that is sound (`request-id.ts`).
 */
export function requestLine(
  { id, method, context, principal }: LoggedRequest,
  reply: FastifyReply,
  { route, milliseconds }: { route: string; milliseconds: number },
): string {
  const { traceId } = context ?? {};
  const cache = reply.getHeader('cache-status');
  return (
    `{"level":30,"time":${Date.now()},"requestId":"${id}"` +
    (traceId === undefined ? '' : `,"traceId":"${traceId}"`) +
    `,"method":"${method}","route":"${route}","status":${reply.statusCode}` +
    `,"durationMs":${toMicroseconds(milliseconds)}` +
    (principal === undefined ? '' : callerOf(principal)) +
    (cache === undefined ? '' : `,"cache":"${String(cache)}"`) +
    (context?.upstreamCalls
      ? `,"upstreamCalls":${context.upstreamCalls},"upstreamMs":${toMicroseconds(context.upstreamMs)}`
      : '') +
    ',"msg":"request"}\n'
  );
}

function callerOf(principal: Principal): string {
  let members = callers.get(principal);
  if (members === undefined) {
    const { issuer, subject } = principal;
    members = `,${JSON.stringify({ issuer, subject }).slice(1, -1)}`;
    callers.set(principal, members);
  }
  return members;
}

/** In milliseconds still, to the microsecond. */
function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
