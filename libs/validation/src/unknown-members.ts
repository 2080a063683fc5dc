import { isContainer } from './container.js';
import type { MemberPath } from './member-path.js';
import { shapeOf, type Shape, type ShapeClass } from './shape.js';
import { isText } from './text.js';
import type { Violation } from './violations.js';

const MAX_LENGTH = 1_000;

type Members = Record<string, unknown>;
type Place = readonly (string | number)[];

/** A member that its class does not know, taken out of its place. */
interface TakenMember {
  readonly holder: Place;
  readonly name: string;
  readonly value: unknown;
}

/**
 * Members that a class does not know and that may pass all the same. They are taken out of the value, which must have been JSON, before it is held
 * against the class, and put into what is made of it. Of each no more is asked than that it is a short text, a number, true or false.
 */
export class UnknownMembers {
  readonly violations: Violation[] = [];
  private readonly taken: TakenMember[] = [];

  /** Takes those at these paths. What the class knows by now stays, to be checked like all else. */
  static takeFrom(value: object, shapeClass: ShapeClass, paths: readonly MemberPath[]): UnknownMembers {
    const members = new UnknownMembers();
    for (const path of paths) members.take(value, shapeOf(shapeClass), path, []);
    return members;
  }

  putInto(value: object): void {
    for (const { holder, name, value: member } of this.taken) {
      const object = holder.reduce((within, step) => within[step] as Members, value as Members);
      object[name] = member;
    }
  }

  private take(value: unknown, shape: Shape | undefined, [step, ...more]: MemberPath, place: Place): void {
    if (!step || !isObject(value) || !Object.hasOwn(value, step.name)) return;
    if (more.length > 0)
      this.takeWithin(
        value[step.name],
        step.isList,
        place.concat(step.name),
        more,
        shape?.get(step.name)?.shape,
      );
    else if (!shape?.has(step.name)) this.takeMember(value, step.name, place);
  }

  private takeWithin(
    member: unknown,
    isList: boolean,
    place: Place,
    path: MemberPath,
    shape: Shape | undefined,
  ): void {
    if (!isList) return this.take(member, shape, path, place);
    if (Array.isArray(member))
      member.forEach((item, index) => this.take(item, shape, path, [...place, index]));
  }

  private takeMember(holder: Members, name: string, place: Place): void {
    const value = holder[name];
    Reflect.deleteProperty(holder, name);
    if (value === null) return;
    if (isPlain(value)) this.taken.push({ holder: place, name, value });
    else this.violations.push({ path: [...place, name].join('.'), message: `${name} ${EXPECTED}` });
  }
}

const EXPECTED = `must be a text of at most ${MAX_LENGTH} characters, a number, true or false`;

function isObject(value: unknown): value is Members {
  return isContainer(value) && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_LENGTH && isText(value);
  return typeof value === 'number' || typeof value === 'boolean';
}
