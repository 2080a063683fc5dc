import { HttpException, NotFoundException } from '@nestjs/common';
import { Problem } from './problem.js';
import {
  InternalError,
  MalformedRequest,
  RefusedByFramework,
  RouteNotFound,
  UnsupportedMediaType,
} from './common.problems.js';

/** Whatever was thrown, as a problem: our own as it is, Nest's and Fastify's by their class or code. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof NotFoundException) return new RouteNotFound();
  return fastifyProblem(thrown) ?? clientFault(thrown) ?? new InternalError(thrown);
}

/** Nest wraps Fastify's errors; what was wrong stands in their codes. */
function fastifyProblem(thrown: unknown): Problem | undefined {
  switch (codeOf(thrown instanceof HttpException ? thrown.cause : thrown)) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new UnsupportedMediaType();
    case 'FST_ERR_BAD_URL':
      return new MalformedRequest({ detail: 'The path is not a valid percent-encoded URL.' });
    default:
      return undefined;
  }
}

/** Any other fault that the framework itself calls the client's, under the status that it has there. */
function clientFault(thrown: unknown): Problem | undefined {
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  const isClients = status !== undefined && status >= 400 && status < 500;
  return isClients ? new RefusedByFramework(status, thrown) : undefined;
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}

function statusOf(thrown: unknown): number | undefined {
  const hasStatus =
    thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number';
  return hasStatus ? (thrown.statusCode as number) : undefined;
}
