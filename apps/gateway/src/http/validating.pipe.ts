import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { InvalidRequest } from '#libs/problem';
import { STRICT, violationsOf } from '#libs/validation';

/** Turns a body or a query into its DTO, or throws every rule it breaks. Unknown properties are refused, not dropped. */
export class ValidatingPipe extends ValidationPipe {
  constructor() {
    super({
      ...STRICT,
      transform: true,
      exceptionFactory: (errors) => new InvalidRequest(violationsOf(errors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') requireObject(value);
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** No body, null and a list would pass for an empty object, and an empty object is a valid print. */
function requireObject(body: unknown): void {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return;
  throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
}
