import { Type } from 'class-transformer';
import { IsArray, IsObject, ValidateNested } from 'class-validator';

type Shape = () => new () => object;

/** The member is an object of this class, and no array: class-validator alone takes an empty one for an object. */
export function Nested(shape: Shape): PropertyDecorator {
  return all(IsObject(), ValidateNested(), Type(shape));
}

/** The member is a list of objects of this class. */
export function NestedList(shape: Shape): PropertyDecorator {
  return all(IsArray(), IsObject({ each: true }), ValidateNested({ each: true }), Type(shape));
}

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, name) => decorators.forEach((decorate) => decorate(target, name));
}
