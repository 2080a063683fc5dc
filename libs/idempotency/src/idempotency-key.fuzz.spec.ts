import fc from 'fast-check';
import { IdempotencyKey } from './idempotency-key.js';

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const quote = (key: string) => `"${key.replace(/["\\]/g, '\\$&')}"`;

describe('an Idempotency-Key', () => {
  it('is the same bare and as a structured-field string, up to 255 characters', () => {
    fc.assert(
      fc.property(visible, (key) => {
        const isKey = key.length >= 1 && key.length <= 255;
        expect(IdempotencyKey.parse(quote(key))).toBe(isKey ? key : undefined);
        if (!key.startsWith('"')) expect(IdempotencyKey.parse(key)).toBe(isKey ? key : undefined);
      }),
    );
  });

  it('is 1 to 255 printable characters, or it is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), visible.map(quote), visible), (text) => {
        const key = IdempotencyKey.parse(text);
        if (key !== undefined) expect(key).toMatch(/^[\x20-\x7e]{1,255}$/);
      }),
    );
  });
});
