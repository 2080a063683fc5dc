import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { documentedHeaders } from '../../openapi/documented-headers.js';
import { ApiNotModified } from './api-not-modified.decorator.js';
import { CachedResponseInterceptor } from './cached-response.interceptor.js';

/** The route returns a `CachedRead`, whose text is JSON of this type, or of a list of it. */
export function AnswersCached(type: Type, { isArray = false } = {}): MethodDecorator {
  const headers = documentedHeaders('ETag', 'Age', 'Cache-Control', 'Cache-Status');
  return applyDecorators(
    UseInterceptors(CachedResponseInterceptor),
    ApiOkResponse({ description: 'As the upstream said it.', type, isArray, headers }),
    ApiNotModified(),
    ApiHeader({
      name: 'Cache-Control',
      required: false,
      description: '`no-cache`: an answer that is older than a second is fetched anew.',
    }),
  );
}
