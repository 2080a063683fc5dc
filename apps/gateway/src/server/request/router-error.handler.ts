import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem, type ProblemFilter } from '#libs/problem';
import { NO_ROUTE, type AccessLog } from './access-log.js';
import type { ResponseHeaders } from '../response/common-headers.js';
import { leaveUnread } from '../body/unread-body.js';

/** Answers an address that the router refuses before any hook runs. */
export function answerRouterErrors(headers: ResponseHeaders, problems: ProblemFilter, accessLog: AccessLog) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    headers.putOn(reply, request);
    leaveUnread(request.raw, reply.raw);
    problems.answer(toProblem(error), request, reply);
    accessLog.end(request, reply, NO_ROUTE);
  };
}
