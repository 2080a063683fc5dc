import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { InvalidRequest, MalformedRequest } from '#libs/problem';
import {
  shapeViolations,
  STRICT,
  UnknownMembers,
  violationsOf,
  withoutNulls,
  type MemberPath,
  type ShapeClass,
  type Violation,
} from '#libs/validation';

/**
 * Turns a body or a query into its DTO, or throws every rule it breaks. Unknown properties are refused, not dropped, whatever they
 * are called: Nest's own `ValidationPipe` drops those that could mislead its libraries, and does not survive what is nested a
 * thousandfold. A member that is null is one that is not there.
 */
export class ValidatingPipe implements PipeTransform<unknown, object> {
  transform(value: unknown, { metatype }: ArgumentMetadata): object {
    requireObject(value);
    const shapeClass = metatype as ShapeClass;
    const unknown = UnknownMembers.takeFrom(value, shapeClass, this.allowedUnknown);
    requireNone([...unknown.violations, ...shapeViolations(value, shapeClass)]);
    const dto = plainToInstance(shapeClass, withoutNulls(value));
    const configured = this.configuredViolations?.(dto) ?? [];
    requireNone([...violationsOf(validateSync(dto, STRICT)), ...configured]);
    unknown.putInto(dto);
    return dto;
  }

  /** Members that may pass although no DTO knows them. */
  protected get allowedUnknown(): readonly MemberPath[] {
    return [];
  }

  /** What of a DTO breaks rules that depend on this gateway's settings; its members may still be of any kind. */
  protected configuredViolations?(dto: object): Violation[];
}

function requireNone(violations: readonly Violation[]): void {
  if (violations.length > 0) throw new InvalidRequest(violations);
}

/** No body, null and a list would pass for an empty object, and an empty object is a valid print. */
function requireObject(body: unknown): asserts body is object {
  if (body === undefined) throw new MalformedRequest({ detail: 'The body is empty; send a JSON object.' });
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return;
  throw new InvalidRequest([{ path: 'body', message: 'must be a JSON object' }]);
}
