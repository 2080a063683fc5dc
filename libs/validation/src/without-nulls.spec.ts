import { withoutNulls } from './without-nulls.js';

describe('a value without its nulls', () => {
  it('has no member that is null, at any depth', () => {
    const value = { a: null, b: { c: null, d: 0 }, e: [{ f: null, g: '' }], h: false };
    expect(withoutNulls(value)).toEqual({ b: { d: 0 }, e: [{ g: '' }], h: false });
    expect(Object.keys(value)).toEqual(['b', 'e', 'h']);
  });

  it('keeps them where they are elements, and leaves alone what is no JSON', () => {
    const other = Object.assign(new Date(0), { kept: null });
    expect(withoutNulls({ a: [null, { b: null }], other })).toEqual({ a: [null, {}], other });
    expect(other.kept).toBeNull();
  });
});
