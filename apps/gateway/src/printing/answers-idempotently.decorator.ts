import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { documentedHeaders } from '../openapi/documented-headers.js';
import { IdempotentResponseInterceptor } from './idempotent-response.interceptor.js';

/** The route returns what was done, now or before under the same key, whose body is JSON of this type. */
export function AnswersIdempotently(status: number, type: Type): MethodDecorator {
  return applyDecorators(
    UseInterceptors(IdempotentResponseInterceptor),
    ApiResponse({ status, description: 'Done.', type, headers: documentedHeaders('Idempotency-Replayed') }),
  );
}
