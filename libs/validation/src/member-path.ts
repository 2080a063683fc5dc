/** A step of a path: into a member, and where that is a list into each of its elements. */
interface Step {
  readonly name: string;
  readonly isList: boolean;
}

/** Where a member stands in an object and the objects within it, such as `print.front[].shade`. */
export type MemberPath = readonly Step[];

const STEP = /^([a-z]\w{0,63})(\[\])?$/i;
/** They mean something to JavaScript, or to what writes JSON. */
const TAKEN = new Set(['constructor', 'prototype', 'toJSON', 'toString', 'valueOf']);
const MAX_STEPS = 8;

/** Undefined for what is no path, or leads to a list. */
export function parseMemberPath(text: string): MemberPath | undefined {
  const steps = text.split('.').map((step) => {
    const [, name, list] = STEP.exec(step) ?? [];
    return name === undefined || TAKEN.has(name) ? undefined : { name, isList: list !== undefined };
  });
  const isSound = steps.length <= MAX_STEPS && steps.at(-1)?.isList === false;
  return isSound && steps.every((step) => step !== undefined) ? steps : undefined;
}
