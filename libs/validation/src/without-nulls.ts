import { isContainer } from './container.js';

/**
 * Takes the members that are null out of a value that was JSON, at any depth: many writers of JSON have one for each member that was not set. In
 * a list null stays, for there it stands in a place. To be asked behind `shapeViolations`, which bounds the depth, and refuses members that
 * nobody knows.
 */
export function withoutNulls(value: object): object {
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (member === null && !Array.isArray(value)) Reflect.deleteProperty(value, name);
    else if (isContainer(member)) withoutNulls(member);
  }
  return value;
}
