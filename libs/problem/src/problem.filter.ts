import type { IncomingMessage } from 'node:http';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from './framework-problem.js';
import type { Problem } from './problem.js';
import { problemAnswer } from './problem-response.js';

/** What is known of a request that is being answered, as far as it matters here. */
interface ContextualRequest {
  readonly context?: { problem: Problem | undefined };
}

/** The one place where an error becomes a response, and the one place that logs it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  /** `originOf` tells the origin by which this caller knows the gateway. */
  constructor(readonly originOf: (request: IncomingMessage) => string | undefined = () => undefined) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(toProblem(thrown), http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers outside Nest's routing too: Fastify's router refuses some addresses before any route is chosen. */
  answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
    this.note(problem, request.id, (request as ContextualRequest).context);
    if (reply.sent) return;
    const origin = this.originOf(request.raw);
    const answer = problemAnswer(problem, { instance: pathOf(request.url), requestId: request.id, origin });
    void reply.code(answer.status).headers(answer.headers).send(answer.text);
  }

  /** Which problem it was is put into the context of its request. What the caller could not help is an error with its cause; what the caller can is a line for the curious. */
  note(problem: Problem, requestId: string, context: ContextualRequest['context']): void {
    if (context) context.problem = problem;
    const entry = { requestId, problem: problem.kind.name, detail: problem.detail };
    if (problem.kind.status < 500) this.log.debug(entry);
    else this.log.error({ ...entry, err: problem.cause ?? problem });
  }
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}
