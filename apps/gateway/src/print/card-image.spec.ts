import { base64, dataUri, jpeg, noisePng, png } from '../../../../test/support/some.js';
import { BodyMemory } from '../http/json/body-memory.js';
import { LongText } from '../http/json/long-text.js';
import { cardImageFault } from './card-image.js';

const image = base64(png(4, 4));
const upTo = (maxPixels: number) => ({ minPixels: 1, maxPixels });

describe('the image of a card', () => {
  it('may be bare base64, in either alphabet', () => {
    expect(cardImageFault(image, upTo(100))).toBeUndefined();
    expect(cardImageFault(image.replaceAll('+', '-').replaceAll('/', '_'), upTo(100))).toBeUndefined();
  });

  it.each(['"', '\\', '\n', ' ', '=', 'é', '\u012b', '\u0141'])(
    'is refused with %j among its digits',
    (letter) => {
      const middle = Math.floor(image.length / 2);
      const text = image.slice(0, middle) + letter + image.slice(middle + 1);
      expect(cardImageFault(text, upTo(100))).toBe('must be base64, bare or as a data URI');
    },
  );

  const large = noisePng(300, 300);
  const bytesOf = (text: string) => {
    const before = 'some of the body';
    return new LongText(
      BodyMemory.of(Buffer.from(before + text)),
      before.length,
      before.length + text.length,
    );
  };

  it.each([
    ['a large PNG', dataUri(large)],
    ['a large PNG in the other alphabet', base64(large).replaceAll('+', '-').replaceAll('/', '_')],
    ['a JPEG whose size comes late', base64(withComment(jpeg(), 60_000))],
    ['a PNG with something behind its end', base64(Buffer.concat([large, Buffer.alloc(5_000)]))],
  ])('may be %s, as a text or in bytes', (_, text) => {
    expect(text.length).toBeGreaterThan(70_000);
    expect(cardImageFault(text, upTo(1_000))).toBeUndefined();
    expect(cardImageFault(bytesOf(text), upTo(1_000))).toBeUndefined();
  });

  it.each([0, 1, 2, 3, 32_766, 32_767, 32_768, 65_536, 70_001])(
    'is refused for one foreign character anywhere, such as %i from the end',
    (place) => {
      const text = base64(large);
      const at = text.length - 3 - place;
      for (const letter of ['"', '\\', '\n', '=', '\u0000', '.']) {
        const broken = text.slice(0, at) + letter + text.slice(at + 1);
        expect(cardImageFault(bytesOf(broken), upTo(1_000))).toBe('must be base64, bare or as a data URI');
      }
    },
  );

  it('is refused when it is too large, cut off or something else, in bytes too', () => {
    expect(cardImageFault(bytesOf(base64(large)), upTo(299))).toMatch(/at most 299/);
    expect(cardImageFault(bytesOf(base64(large.subarray(0, -20))), upTo(1_000))).toMatch(
      /its end is missing/,
    );
    expect(cardImageFault(bytesOf(base64(large.subarray(100))), upTo(1_000))).toMatch(/JPEG or PNG/);
    expect(cardImageFault(image, { minPixels: 5, maxPixels: 9 })).toMatch(/at least 5/);
    expect(cardImageFault(base64(png(0, 4)), upTo(9))).toMatch(/at least 1/);
    expect(cardImageFault(bytesOf('A'), upTo(1_000))).toMatch(/base64/);
    expect(cardImageFault(bytesOf(''), upTo(1_000))).toMatch(/base64/);
  });
});

describe('the end of an image', () => {
  const faultOf = (bytes: Buffer) => cardImageFault(base64(bytes), upTo(9));
  const late = Buffer.concat([jpeg(), Buffer.alloc(200_000, 'x')]);

  it('may have something behind it, at any distance up to a megabyte', () => {
    for (let length = 0; length < 12; length += 1)
      expect(faultOf(late.subarray(0, late.length - length))).toBeUndefined();
    for (let length = 98_290; length < 98_320; length += 1)
      expect(faultOf(Buffer.concat([jpeg(), Buffer.alloc(length)]))).toBeUndefined();
    for (let length = 1_048_570; length < 1_048_576; length += 1)
      expect(faultOf(Buffer.concat([jpeg(), Buffer.alloc(length - 2)]))).toBeUndefined();
    expect(faultOf(Buffer.concat([jpeg(), Buffer.alloc(1_048_576)]))).toMatch(/its end is missing/);
  });

  it('is not that of the thumbnail within', () => {
    const whole = withComment(jpeg(), jpeg().length * 2, jpeg());
    expect(faultOf(whole)).toBeUndefined();
    expect(faultOf(whole.subarray(0, -2))).toMatch(/its end is missing/);
  });

  it('is not the name of it in a text', () => {
    const text = Buffer.from('\0\0\0\u0010tEXtComment\0IEND....', 'latin1');
    const cut = Buffer.concat([png(4, 4).subarray(0, 33), text, png(4, 4).subarray(33, 50)]);
    expect(faultOf(cut)).toMatch(/its end is missing/);
  });
});

/** The JPEG with a comment before what says its size. */
function withComment(image: Buffer, length: number, content: string | Buffer = 'x'): Buffer {
  const comment = Buffer.alloc(length + 4, content);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(length + 2, 2);
  return Buffer.concat([image.subarray(0, 2), comment, image.subarray(2)]);
}
