import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import loadWabt from 'wabt';
import { areBase64Digits, DIGITS_MODULE } from './base64.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';
const ONE_STEP = 65_536;

describe('the digits of base64', () => {
  it('are these, wherever they stand among others', () => {
    for (let place = 0; place < 20; place += 1)
      for (let byte = 0; byte < 256; byte += 1) {
        const bytes = Buffer.alloc(20, 'QUJD');
        bytes[place] = byte;
        expect([place, byte, areBase64Digits(bytes)]).toEqual([
          place,
          byte,
          DIGITS.includes(String.fromCharCode(byte)),
        ]);
      }
  });

  it.each([2, 3, 4, 14, 15, 16, 18, ONE_STEP - 4, ONE_STEP - 2, ONE_STEP, ONE_STEP + 2, 2 * ONE_STEP + 20])(
    'are looked at to the last of %i, and no further',
    (length) => {
      const around = Buffer.alloc(length + 40, '"');
      const bytes = around.subarray(20, 20 + length).fill('QUJD');
      // Nothing of what was looked at before counts.
      expect(areBase64Digits(Buffer.alloc(ONE_STEP, '"'))).toBe(false);
      expect(areBase64Digits(bytes)).toBe(true);
      for (const place of [0, length - 1]) {
        const digit = bytes[place] as number;
        bytes[place] = 0x22;
        expect([place, areBase64Digits(bytes)]).toEqual([place, false]);
        bytes[place] = digit;
      }
    },
  );

  it('come in groups of four, of which the last may lack two', () => {
    expect(['', 'Q', 'QU', 'QUJ', 'QUJD', 'QUJDQ'].map((text) => areBase64Digits(Buffer.from(text)))).toEqual(
      [true, false, true, true, true, false],
    );
  });

  it('are told by the module whose source stands beside', async () => {
    const name = 'base64-digits.wat';
    const source = readFileSync(join('apps/gateway/src/printing/images', name), 'utf8');
    const { buffer } = (await loadWabt()).parseWat(name, source, { simd: true }).toBinary({});
    expect(Buffer.from(buffer).toString('base64')).toBe(DIGITS_MODULE);
  });
});
