import 'reflect-metadata';
import { IsInt, IsString } from 'class-validator';
import { Nested, NestedList } from './nested.decorator.js';
import { Optional } from './optional.decorator.js';
import { shapeViolations } from './shape-violations.js';

class Leaf {
  @IsString() readonly text!: string;
}

class Branch {
  @Optional() @NestedList(() => Leaf, 3) readonly leaves?: Leaf[];
  @Optional() @Nested(() => Leaf) readonly leaf?: Leaf;
}

class Tree extends Branch {
  @Optional() @IsInt() readonly age?: number;
  @Optional() @Nested(() => Branch) readonly branch?: Branch;
}

const violationsIn = (json: string) => shapeViolations(JSON.parse(json) as object, Tree);

describe('the shape of a value that was JSON', () => {
  it.each([
    '{}',
    '{"age":1,"leaf":{"text":"é 😀"},"leaves":[{"text":""},{},{}]}',
    '{"branch":{"leaves":[],"leaf":{}}}',
    // Of the wrong type, which is for the rules to say.
    '{"age":"1","leaf":null,"leaves":[null,1],"branch":true}',
  ])('is that of its class: %s', (json) => expect(violationsIn(json)).toEqual([]));

  it.each([
    'x',
    'toString',
    'hasOwnProperty',
    'constructor',
    'prototype',
    'valueOf',
    '__proto__',
    '__defineGetter__',
    '',
    'Age',
    'then',
    '0',
  ])('has no member %j, at any depth', (name) => {
    const message = `property ${name} should not exist`;
    const object = `{${JSON.stringify(name)}:{}}`;
    expect(violationsIn(object)).toEqual([{ path: name, message }]);
    expect(violationsIn(`{"branch":{"leaves":[{},${object}]}}`)).toEqual([
      { path: `branch.leaves[1].${name}`, message },
    ]);
  });

  it.each([
    ['age', '{"age":{}}', 'age must not be an object or a list'],
    ['leaf.text', '{"leaf":{"text":[[]]}}', 'text must not be an object or a list'],
    ['leaf', '{"leaf":[{"a":1}]}', 'leaf must be an object'],
    ['leaves', '{"leaves":{"a":1}}', 'leaves must be a list'],
    ['leaves[1]', '{"leaves":[{},[{"a":1}]]}', 'leaves must be an object'],
    ['leaves', '{"leaves":[1,2,3,4]}', 'leaves must have no more than 3 elements'],
    ['leaf.text', '{"leaf":{"text":"\\udc00\\ud800"}}', 'text must be Unicode text without NUL'],
  ])('is told at %s: %s', (path, json, message) => {
    expect(violationsIn(json)).toEqual([{ path, message }]);
  });

  it('is told in a hundred faults at most', () => {
    const names = Array.from({ length: 500 }, (_, i) => [`x${i}`, 1] as const);
    expect(shapeViolations(Object.fromEntries(names), Tree)).toHaveLength(100);
  });

  it('may hold what is not made of JSON where a member is no object', () => {
    expect(shapeViolations({ leaf: { text: new Leaf() } }, Tree)).toEqual([]);
  });
});
