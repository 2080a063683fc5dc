import { MAX_LENGTH, type Violation } from './violations.js';

/** No request is half as deep; class-transformer and class-validator call themselves for each level. */
const MAX_DEPTH = 12;
/** The class of an object is told by these, so that the rules of one that brings its own would not be found. */
const MISLEADING: readonly unknown[] = ['__proto__', 'constructor', 'prototype'];

/** The first place where a value that was JSON could lead its validation astray, whatever its class asks for; undefined when sound. */
export function structureViolation(value: unknown): Violation | undefined {
  const found = violationIn(value, 0);
  return found && { ...found, path: found.path.replace(/^\./, '').slice(0, MAX_LENGTH) };
}

function violationIn(value: unknown, depth: number): Violation | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return { path: '', message: `must not be nested deeper than ${MAX_DEPTH} levels` };
  const isList = Array.isArray(value);
  for (const name of isList ? value.keys() : Object.keys(value)) {
    const found = MISLEADING.includes(name)
      ? { path: '', message: `property ${name} should not exist` }
      : violationIn((value as Record<string | number, unknown>)[name], depth + 1);
    if (found) return { ...found, path: (isList ? `[${name}]` : `.${name}`) + found.path };
  }
  return undefined;
}
