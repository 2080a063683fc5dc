import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from '#libs/problem';
import { documentedParam } from '../openapi/documented-param.js';

const HEADER = 'X-Print-Label';
const SOUND = /^[\x20-\x7e]{1,64}$/;

/** The caller's own name for a job, from `X-Print-Label`. */
export const PrintLabel = documentedParam(
  createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
    const label = context.getArgByIndex<FastifyRequest>(0).headers['x-print-label'];
    if (label === undefined || (typeof label === 'string' && SOUND.test(label))) return label;
    throw new InvalidRequest([{ path: HEADER, message: 'must be 1 to 64 printable ASCII characters' }]);
  }),
  ApiHeader({
    name: HEADER,
    required: false,
    description: 'Your own name for the job, up to 64 visible ASCII characters.',
  }),
);
