import { IdempotencyKey } from './idempotency-key.js';
import { timeOfKey } from './key-time.js';

/** The example of RFC 9562, Appendix A.6, and when it was made. */
const EXAMPLE = '017F22E2-79B0-7CC3-98C4-DC0C0C07398F';
const EXAMPLE_MS = Date.parse('2022-02-22T14:22:22-05:00');

describe('the time of a key', () => {
  it.each([EXAMPLE, EXAMPLE.toLowerCase(), `"${EXAMPLE}"`, `urn:uuid:${EXAMPLE}`, `URN:UUID:${EXAMPLE}`])(
    'is read from %s',
    (text) => {
      expect(timeOfKey(IdempotencyKey.parse(text) as IdempotencyKey)).toBe(EXAMPLE_MS);
    },
  );

  it.each([
    ['of another version', '017f22e2-79b0-4cc3-98c4-dc0c0c07398f'],
    ['of another variant', '017f22e2-79b0-7cc3-c8c4-dc0c0c07398f'],
    ['without hyphens', EXAMPLE.replaceAll('-', '')],
    ['with something before it', `order-${EXAMPLE}`],
    ['with something behind it', `${EXAMPLE}-1`],
    ['that is no UUID', 'order-4711'],
  ])('is not known of a key %s', (_, text) => {
    expect(timeOfKey(text as IdempotencyKey)).toBeUndefined();
  });

  it('may be the first or the last that 48 bits can say', () => {
    expect(timeOfKey('00000000-0000-7000-8000-000000000000' as IdempotencyKey)).toBe(0);
    expect(timeOfKey('ffffffff-ffff-7fff-bfff-ffffffffffff' as IdempotencyKey)).toBe(2 ** 48 - 1);
  });
});
