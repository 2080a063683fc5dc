import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import { InvalidRequest } from '#libs/problem';
import { STRICT, structureViolation, violationsOf } from '#libs/validation';

/**
 * Turns a body or a query into its DTO, or throws every rule it breaks. Unknown properties are refused, not dropped: Nest's own
 * `ValidationPipe` drops those that could mislead its libraries, and does not survive what is nested a thousandfold.
 */
export class ValidatingPipe implements PipeTransform<unknown, object> {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): object {
    if (type === 'body') requireObject(value);
    const violation = structureViolation(value);
    if (violation) throw new InvalidRequest([violation]);
    const dto = plainToInstance(metatype as ClassConstructor<object>, value);
    const errors = validateSync(dto, STRICT);
    if (errors.length > 0) throw new InvalidRequest(violationsOf(errors));
    return dto;
  }
}

/** No body, null and a list would pass for an empty object, and an empty object is a valid print. */
function requireObject(body: unknown): void {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return;
  throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
}
