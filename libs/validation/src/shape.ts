import { getMetadataStorage } from 'class-validator';

export type ShapeClass = new () => object;

/** What an object of a class may have; a member that is no object of a class itself has nothing here. */
export type Shape = ReadonlyMap<string, NestedShape | undefined>;

interface NestedShape {
  readonly shape: Shape;
  /** Of a list. */
  readonly maxItems: number | undefined;
}

interface NestedClass {
  readonly shape: () => ShapeClass;
  readonly maxItems?: number;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what a decorator is given
const nested = new WeakMap<Function, Map<string, NestedClass>>();
const shapes = new WeakMap<ShapeClass, Shape>();

/** Notes that the member is an object, or a list of objects, of another class. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what a decorator is given
export function noteNested(holder: Function, name: string, member: NestedClass): void {
  nested.set(holder, (nested.get(holder) ?? new Map<string, NestedClass>()).set(name, member));
}

/** The shape of a class as its decorators say it; found out once. Only a member with a rule is one. */
export function shapeOf(shapeClass: ShapeClass): Shape {
  const known = shapes.get(shapeClass);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(shapeClass, '', false, false);
  const shape: Shape = new Map(
    rules.map(({ target, propertyName: name }) => [
      name,
      nestedShape(nested.get(target as ShapeClass)?.get(name)),
    ]),
  );
  shapes.set(shapeClass, shape);
  return shape;
}

function nestedShape(member: NestedClass | undefined): NestedShape | undefined {
  return member && { shape: shapeOf(member.shape()), maxItems: member.maxItems };
}
