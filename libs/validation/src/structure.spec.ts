import { structureViolation } from './structure.js';

const parsed = (json: string): unknown => JSON.parse(json);
const lists = (depth: number) => parsed('['.repeat(depth) + ']'.repeat(depth));

describe('the structure of a value that was JSON', () => {
  it.each(['1', 'null', '"constructor"', '[]', '{"print":{"front":[{"data":"x"},{"constructed":null}]}}'])(
    'is sound: %s',
    (json) => expect(structureViolation(parsed(json))).toBeUndefined(),
  );

  it.each([
    ['constructor', '{"constructor":1}', 'constructor'],
    ['__proto__', '{"a":{"__proto__":{}}}', 'a.__proto__'],
    ['prototype', '{"a":[{},{"b":{"prototype":null}}]}', 'a[1].b.prototype'],
    ['constructor', '[[{"constructor":{}}]]', '[0][0].constructor'],
  ])('has no member %s: %s', (name, json, path) => {
    const message = `property ${name} should not exist`;
    expect(structureViolation(parsed(json))).toEqual({ path, message });
  });

  it('is twelve levels deep at most', () => {
    expect(structureViolation(lists(13))).toBeUndefined();
    const path = '[0]'.repeat(13);
    expect(structureViolation(lists(14))).toEqual({
      path,
      message: 'must not be nested deeper than 12 levels',
    });
    expect(structureViolation(lists(500_000))?.path).toBe(path);
  });

  it('is told in paths that are not longer than needed', () => {
    expect(structureViolation({ ['x'.repeat(5_000)]: { constructor: 1 } })?.path).toHaveLength(200);
  });
});
