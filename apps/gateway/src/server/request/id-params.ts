import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PrinterId, PrintStatusId, RESOURCE_ID_PATTERN } from '#libs/contract';
import { InvalidRequest } from '#libs/problem';
import { documentedParam } from '../../openapi/documented-param.js';

type IdRequest = FastifyRequest<{ Params: Record<string, string> }>;

/** The id of a printer in a path. Throws `InvalidRequest`. */
export function parsePrinterId(text: string): PrinterId {
  return parseId('printerId', PrinterId, text);
}

function parseId<T>(name: string, id: { parse(text: unknown): T | undefined }, text: unknown): T {
  const value = id.parse(text);
  if (value !== undefined) return value;
  throw new InvalidRequest([{ path: name, message: `must match ${RESOURCE_ID_PATTERN}` }]);
}

/**
 * Parses an id of the path once; behind it a bare string cannot be passed where the id belongs. No pipe of Nest's does it:
 * each would cost every read several promises.
 */
function idParam(name: string, id: { parse(text: unknown): unknown }): () => ParameterDecorator {
  const parsed = createParamDecorator((_: unknown, context: ExecutionContext) => {
    const { params } = context.getArgByIndex<IdRequest>(0);
    return parseId(name, id, params[name]);
  });
  const described = ApiParam({ name, schema: { type: 'string', pattern: RESOURCE_ID_PATTERN } });
  return documentedParam(parsed, described);
}

export const PrinterIdParam = idParam('printerId', PrinterId);

export const PrintStatusIdParam = idParam('printStatusId', PrintStatusId);
