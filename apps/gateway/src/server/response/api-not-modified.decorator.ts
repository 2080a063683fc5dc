import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

/** Says that a caller who sends the ETag of what it has is told when that is still so (RFC 9110 §13.1.2). */
export function ApiNotModified(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag you have: 304 when nothing changed.',
    }),
    ApiResponse({ status: 304, description: 'Nothing changed.' }),
  );
}
