import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, ValidateNested } from 'class-validator';
import { noteNested, type ShapeClass } from './shape.js';

type LazyClass = () => ShapeClass;

/** The member is an object of this class, and no array: class-validator alone takes an empty one for an object. */
export function Nested(shape: LazyClass): PropertyDecorator {
  return all(noting({ shape }), IsObject(), ValidateNested(), Type(shape));
}

/** The member is a list of objects of this class, and of at most so many: only what an operator writes may leave the number open. */
export function NestedList(shape: LazyClass, maxItems = Infinity): PropertyDecorator {
  return all(
    noting({ shape, maxItems }),
    ArrayMaxSize(maxItems),
    IsArray(),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(shape),
  );
}

function noting(nested: { shape: LazyClass; maxItems?: number }): PropertyDecorator {
  return (target, name) => noteNested(target.constructor, String(name), nested);
}

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, name) => decorators.forEach((decorate) => decorate(target, name));
}
