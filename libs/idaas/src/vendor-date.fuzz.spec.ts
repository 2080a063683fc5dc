import fc from 'fast-check';
import { parseVendorDate } from './vendor-date.js';

const YEAR_2000_MS = Date.UTC(2000, 0, 1);
const YEAR_2100_MS = Date.UTC(2100, 0, 1);
const moments = fc.integer({ min: YEAR_2000_MS, max: YEAR_2100_MS });
const offsets = fc.tuple(fc.constantFrom('+', '-'), fc.nat(14), fc.constantFrom(0, 30, 45));
const two = (number: number) => String(number).padStart(2, '0');

describe('a date of the vendor', () => {
  it('is the moment that it names, with any offset, with a colon in it or not', () => {
    fc.assert(
      fc.property(moments, offsets, fc.constantFrom('', ':'), (moment, [sign, hours, minutes], colon) => {
        const offsetMs = (sign === '+' ? 1 : -1) * (hours * 60 + minutes) * 60_000;
        const local = new Date(moment + offsetMs).toISOString().slice(0, -1);
        expect(parseVendorDate(`${local}${sign}${two(hours)}${colon}${two(minutes)}`)).toBe(moment);
      }),
    );
  });

  it('is the moment that it names to the second, in UTC', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const text = new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
        expect(parseVendorDate(text)).toBe(Math.floor(moment / 1000) * 1000);
      }),
    );
  });

  it('is a finite number or nothing, whatever it is', () => {
    const mutated = fc
      .tuple(moments, fc.nat(24), fc.string({ maxLength: 3 }))
      .map(
        ([moment, at, text]) =>
          new Date(moment).toISOString().slice(0, at) + text + new Date(moment).toISOString().slice(at),
      );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), mutated), (value) => {
        const moment = parseVendorDate(value);
        expect(moment === undefined || Number.isFinite(moment)).toBe(true);
      }),
    );
  });
});
