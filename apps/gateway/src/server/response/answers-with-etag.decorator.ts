import { applyDecorators, UseInterceptors, type Type } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { documentedHeaders } from '../../openapi/documented-headers.js';
import { ApiNotModified } from './api-not-modified.decorator.js';
import { EtagInterceptor } from './etag.interceptor.js';

/** The route returns an object of this type, which is answered with its ETag. */
export function AnswersWithEtag(type: Type): MethodDecorator {
  return applyDecorators(
    UseInterceptors(EtagInterceptor),
    ApiOkResponse({ description: 'Done.', type, headers: documentedHeaders('ETag', 'Cache-Control') }),
    ApiNotModified(),
  );
}
