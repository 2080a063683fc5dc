import 'reflect-metadata';
import { IsInt } from 'class-validator';
import { parseMemberPath, type MemberPath } from './member-path.js';
import { Nested, NestedList } from './nested.decorator.js';
import { Optional } from './optional.decorator.js';
import { UnknownMembers } from './unknown-members.js';

class Leaf {
  @Optional() @IsInt() readonly size?: number;
}
class Root {
  @Optional() @Nested(() => Leaf) readonly leaf?: Leaf;
  @Optional() @NestedList(() => Leaf, 3) readonly leaves?: Leaf[];
}

const paths = (...texts: string[]) => texts.map(parseMemberPath) as MemberPath[];

/** What is left of the value, what is wrong, and what becomes of an object of the same form. */
function taken(value: object, ...texts: string[]) {
  const members = UnknownMembers.takeFrom(value, Root, paths(...texts));
  const made = structuredClone(value);
  members.putInto(made);
  return { left: value, made, violations: members.violations.map(({ path }) => path) };
}

describe('the path of a member', () => {
  it.each(['a', 'a.b', 'a[].b', 'print.front[].shade2'])('may be %s', (text) =>
    expect(parseMemberPath(text)).toBeDefined(),
  );

  it.each([
    '',
    '.',
    'a.',
    'a[]',
    'a[0].b',
    'a b',
    '__proto__',
    'a.constructor',
    'toJSON',
    'x.'.repeat(8) + 'x',
  ])('is not %j', (text) => expect(parseMemberPath(text)).toBeUndefined());
});

describe('members that a class does not know', () => {
  it('pass where they are named, and stand where they stood', () => {
    const value = () => ({
      shade: 'x',
      leaf: { size: 1, hue: 2 },
      leaves: [{ hue: true }, {}, { hue: 'y' }],
    });
    expect(taken(value(), 'shade', 'leaf.hue', 'leaves[].hue')).toEqual({
      left: { leaf: { size: 1 }, leaves: [{}, {}, {}] },
      made: value(),
      violations: [],
    });
    expect(taken(value(), 'leaf.hue').left).toEqual({ ...value(), leaf: { size: 1 } });
    expect(taken(value()).left).toEqual(value());
  });

  it('are checked like all else as soon as the class knows them', () => {
    expect(taken({ leaf: { size: 'x' } }, 'leaf.size', 'leaf').left).toEqual({ leaf: { size: 'x' } });
  });

  it.each([['x'.repeat(1_001)], ['a\0'], ['\ud800'], [{}], [[1]]])('are refused as %j', (hue) => {
    expect(taken({ leaf: { hue } }, 'leaf.hue')).toMatchObject({
      made: { leaf: {} },
      violations: ['leaf.hue'],
    });
  });

  it('are not there where they are null, or what holds them is something else', () => {
    expect(taken({ leaf: { hue: null } }, 'leaf.hue').made).toEqual({ leaf: {} });
    for (const value of [{ leaf: null }, { leaf: [] }, { leaf: 'x' }, { leaves: { hue: 1 } }])
      expect(taken(value, 'leaf.hue', 'leaves[].hue', 'leaf.a.b')).toEqual({
        left: value,
        made: value,
        violations: [],
      });
  });
});
