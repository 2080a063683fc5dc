import { retryAfter } from './problem.js';

describe('Retry-After', () => {
  it.each([
    [0, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [2_000, '2'],
    // What a difference of two times may come to.
    [2_000.000_000_000_2, '2'],
    [2_500, '3'],
  ])('of %d milliseconds is %s', (milliseconds, seconds) =>
    expect(retryAfter(milliseconds)).toEqual({ 'retry-after': seconds }),
  );
});
