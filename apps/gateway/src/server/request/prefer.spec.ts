import { preferenceOf } from './prefer.js';

describe('the value of a preference', () => {
  it.each([
    ['wait=10', '10'],
    ['Wait = 10', '10'],
    ['wait="10"', '10'],
    ['respond-async, wait=10', '10'],
    ['respond-async,wait=10;foo=bar', '10'],
    ['wait=10, wait=20', '10'],
    ['wait, wait=20', ''],
    ['foo="a, wait=5", wait=10', '10'],
    ['foo="a\\", wait=5", wait=10', '10'],
    ['foo; wait=10', undefined],
    ['foo; bar="x, y"; wait=10', undefined],
    ['foo="wait=10"', undefined],
    ['waiting=10', undefined],
    ['x-wait=10', undefined],
    ['wait 10', undefined],
    ['wait="10', undefined],
    [',,, wait=10 ,', '10'],
    ['', undefined],
  ])('of %s is found', (prefer, value) => expect(preferenceOf('wait', prefer)).toBe(value));

  it('is looked for in all lines as one list', () => {
    expect(preferenceOf('wait', ['respond-async', 'wait=10'])).toBe('10');
    expect(preferenceOf('wait', undefined)).toBeUndefined();
  });

  it.each(['"', '\\', ',', 'a', 'a=', '"\\', ' '])(
    'is found at a cost that grows with the length: %s',
    (piece) => {
      const startedAtMs = performance.now();
      for (let turn = 0; turn < 20; turn += 1) preferenceOf('wait', piece.repeat(8_000));
      expect(performance.now() - startedAtMs).toBeLessThan(1_000);
    },
  );
});
