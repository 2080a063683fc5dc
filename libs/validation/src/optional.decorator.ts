import { ValidateIf } from 'class-validator';

/** The member may be left out. Unlike class-validator's `IsOptional` this does not let null through. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
