import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKey } from '#libs/idempotency';
import { InvalidRequest } from '#libs/problem';

const HEADER = 'idempotency-key';

/** The caller's own name for this request, from `Idempotency-Key`; undefined when there is none. */
export const IdempotencyKeyParam = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const text = context.getArgByIndex<FastifyRequest>(0).headers[HEADER];
  if (text === undefined) return undefined;
  const key = typeof text === 'string' ? IdempotencyKey.parse(text) : undefined;
  if (key === undefined) throw new InvalidRequest([{ path: 'Idempotency-Key', message: EXPECTED }]);
  return key;
});

const EXPECTED = 'must be 1 to 255 visible ASCII characters, bare or as a quoted string';
