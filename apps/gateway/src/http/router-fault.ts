import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemFilter, toProblem } from '#libs/problem';
import { NO_ROUTE, type AccessLog } from './access-log.js';

const problems = new ProblemFilter();

/** Answers an address that the router refuses before any hook runs. */
export function answerRouterFault(accessLog: AccessLog) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    void reply.header('x-request-id', request.id);
    problems.answer(toProblem(error), request, reply);
    accessLog.end(request, reply, NO_ROUTE);
  };
}
