import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from '#libs/problem';

const HEADER = 'x-print-label';
const SOUND = /^[\x20-\x7e]{1,64}$/;

/** The caller's own name for a job, from `X-Print-Label`. */
export const PrintLabel = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const label = context.getArgByIndex<FastifyRequest>(0).headers[HEADER];
    if (label === undefined || (typeof label === 'string' && SOUND.test(label))) return label;
    throw new InvalidRequest([
      { path: 'X-Print-Label', message: 'must be 1 to 64 printable ASCII characters' },
    ]);
  },
);
