import fc from 'fast-check';
import { PrinterId } from './printer-id.js';
import { PrintStatusId } from './print-status-id.js';
import { canonicalResourceId } from './resource-id.js';

/** Ids as clients write them: Swift and .NET in upper case, most in lower, some by hand in both. */
const spellings = fc.uuid().chain((id) => {
  const letters = Array.from(id, (letter) => fc.constantFrom(letter, letter.toUpperCase()));
  return fc.tuple(fc.constant(id), fc.tuple(...letters));
});

describe('ids of the vendor', () => {
  it('have one spelling, whatever case they come in', () => {
    fc.assert(
      fc.property(spellings, ([id, letters]) => {
        const text = letters.join('');
        expect([PrinterId.parse(text), PrintStatusId.parse(text)]).toEqual([id, id]);
      }),
    );
  });

  it('are 32 to 36 hexadecimal digits and dashes, and nothing else', () => {
    const others = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.uuid().map((id) => `${id}/`),
    );
    fc.assert(
      fc.property(others, (value) => {
        const isId = typeof value === 'string' && /^[a-f0-9-]{32,36}$/i.test(value);
        expect(canonicalResourceId(value) !== undefined).toBe(isId);
      }),
    );
    expect(canonicalResourceId(`${'a'.repeat(32)}\n`)).toBeUndefined();
  });
});
