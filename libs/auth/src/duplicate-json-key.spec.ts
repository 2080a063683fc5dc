import { hasDuplicateKey } from './duplicate-json-key.js';

describe('hasDuplicateKey', () => {
  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"b":{"a":1,"c":[{"x":1},{"x":1}],"a":3}}', true],
    ['{"a":1,"b":{"a":1}}', false],
    ['{"a":"a","b":["a","a"]}', false],
    ['{"a":"\\"a\\":1,\\"a\\":2"}', false],
    ['{"a":"x:y,{z}"}', false],
    ['{}', false],
  ])('%s: %s', (json, expected) => {
    expect(hasDuplicateKey(json)).toBe(expected);
  });
});
