import { isContainer } from './container.js';
import { shapeOf, type Shape, type ShapeClass } from './shape.js';
import { isText } from './text.js';
import { MAX_VIOLATIONS, type Violation } from './violations.js';

/**
 * Where a value that was JSON, or a query, is not made as its class says: members that the class does not know, whatever they are
 * called, objects and lists of another kind or size, and texts that are no Unicode. To be asked before class-transformer and
 * class-validator: their cost grows faster than what they are given, and they take some names for their own. What is then left for
 * them is as large as the class. No more are found than a problem lists.
 */
export function shapeViolations(value: object, shapeClass: ShapeClass): Violation[] {
  const walk = new ShapeWalk();
  walk.members(value, shapeOf(shapeClass), '');
  return walk.violations;
}

class ShapeWalk {
  readonly violations: Violation[] = [];

  members(value: object, shape: Shape, parent: string): void {
    for (const [name, member] of Object.entries(value) as [string, unknown][]) {
      if (this.violations.length === MAX_VIOLATIONS) return;
      this.member({ name, path: parent === '' ? name : `${parent}.${name}` }, member, shape);
    }
  }

  private member(place: Place, value: unknown, shape: Shape): void {
    const nested = shape.get(place.name);
    if (!shape.has(place.name)) this.refuse(place.path, `property ${place.name} should not exist`);
    else if (typeof value === 'string' && !isText(value))
      this.note(place, 'must be Unicode text without NUL');
    else if (!isContainer(value)) return;
    else if (!nested) this.note(place, 'must not be an object or a list');
    else if (nested.maxItems === undefined) this.object(place, value, nested.shape);
    else this.list(place, value, nested.shape, nested.maxItems);
  }

  private object(place: Place, value: object, shape: Shape): void {
    if (Array.isArray(value)) this.note(place, 'must be an object');
    else this.members(value, shape, place.path);
  }

  private list({ name, path }: Place, value: object, shape: Shape, maxItems: number): void {
    if (!Array.isArray(value)) return this.note({ name, path }, 'must be a list');
    if (value.length > maxItems)
      return this.note({ name, path }, `must have no more than ${maxItems} elements`);
    value.forEach((item: unknown, index) => {
      if (isContainer(item)) this.object({ name, path: `${path}[${index}]` }, item, shape);
    });
  }

  private note({ name, path }: Place, rule: string): void {
    this.refuse(path, `${name} ${rule}`);
  }

  private refuse(path: string, message: string): void {
    this.violations.push({ path, message });
  }
}

interface Place {
  readonly name: string;
  readonly path: string;
}
