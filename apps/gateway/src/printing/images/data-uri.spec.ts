import { RawJsonString } from '../../server/body/raw-json-string.js';
import { plainImageText } from './data-uri.js';

const DIGITS =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The same as bytes of a body. */
function rawString(text: string): RawJsonString {
  const before = '{"data":"';
  const body = Buffer.from(`${before}${text}"}`);
  return new RawJsonString(body.subarray(before.length, before.length + text.length));
}

describe('an image as the vendor’s document writes it', () => {
  it.each([
    ['', ''],
    ['data:image/png;base64,', 'data:image/png;base64,'],
    ['DATA:IMAGE/PNG;BASE64,', 'DATA:IMAGE/PNG;BASE64,'],
    ['data:image/png;', 'data:image/png;'],
    ['data:image/png;charset=utf-8;base64,', 'data:image/png;base64,'],
    ['data:image/jpeg;name=badge.png;v=1;base64,', 'data:image/jpeg;base64,'],
    ['data:;base64,', ''],
    ['data:;charset=utf-8;base64,', ''],
    ['data:image/png,', 'data:image/png,'],
    ['data:image/png;a b;base64,', 'data:image/png;a b;base64,'],
    [`data:image/png;name=${'x'.repeat(600)};base64,`, `data:image/png;name=${'x'.repeat(600)};base64,`],
  ])('has, for the prefix %j, %j', (prefix, expected) => {
    expect(plainImageText(prefix + DIGITS)).toBe(expected + DIGITS);
    const long = plainImageText(rawString(prefix + DIGITS)) as RawJsonString;
    expect(long.bytes.toString()).toBe(expected + DIGITS);
  });

  it('has no line breaks, and is a text', () => {
    expect(plainImageText(`data:image/png;\r\nbase64,QU\r\nJD\n`)).toBe('data:image/png;base64,QUJD');
    for (const other of [undefined, null, 1, {}]) expect(plainImageText(other)).toBe(other);
  });
});
