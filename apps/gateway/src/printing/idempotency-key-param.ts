import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKey } from '#libs/idempotency';
import { InvalidRequest } from '#libs/problem';
import { documentedParam } from '../openapi/documented-param.js';

const HEADER = 'Idempotency-Key';
const EXPECTED = 'must be 1 to 255 visible ASCII characters, bare or as a quoted string';

/** The caller's own name for this request, from `Idempotency-Key`; undefined when there is none. */
export const IdempotencyKeyParam = documentedParam(
  createParamDecorator((_: unknown, context: ExecutionContext) => {
    const text = context.getArgByIndex<FastifyRequest>(0).headers['idempotency-key'];
    if (text === undefined) return undefined;
    const key = typeof text === 'string' ? IdempotencyKey.parse(text) : undefined;
    if (key === undefined) throw new InvalidRequest([{ path: HEADER, message: EXPECTED }]);
    return key;
  }),
  ApiHeader({
    name: HEADER,
    required: false,
    description: 'Your own name for this request: sent again with the same key, it is done once.',
  }),
);
