import { base64, chunk, dataUri, jpeg, noisePng, png } from '../../../../../test/support/builders.js';
import { RawJsonString } from '../../server/body/raw-json-string.js';
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
    return new RawJsonString(Buffer.from(before + text).subarray(before.length, before.length + text.length));
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

const faultOf = (bytes: Buffer) => cardImageFault(base64(bytes), upTo(2_000));
const CUT = 'must be a whole image; its end is missing';
const DAMAGED = 'must be a whole image; a part of it is damaged or missing';
/** Longer than what is decoded at once. */
const LONG = 120_000;

describe('a JPEG', () => {
  const [head, tail] = [jpeg().subarray(0, -2), jpeg().subarray(-2)];
  const hex = (text: string) => Buffer.from(text, 'hex');
  const scan = hex('ffda0008010100003f00');
  const withData = (...data: Buffer[]) => Buffer.concat([head, ...data, tail]);
  /** Data of a scan, in which each byte 255 is followed by 0. */
  const data = Buffer.from(noisePng(300, 300).toString('latin1').replaceAll('\xff', '\xff\0'), 'latin1');

  it('is whole when its scans lead to its end, wherever what is decoded ends', () => {
    for (let length = 49_100; length < 49_160; length += 1)
      expect(faultOf(withData(data.subarray(0, length).fill(0, length - 1, length)))).toBeUndefined();
    expect(faultOf(withData(data, Buffer.of(0)))).toBeUndefined();
  });

  it('may restart, fill and stuff within a scan, and have segments between scans', () => {
    const stuffed = hex('ff00ffd0ff00ffd7ffffff00');
    expect(faultOf(withData(stuffed, hex('ffff'), tail))).toBeUndefined();
    const table = hex('ffc40014100100000000000000000000000000000000');
    expect(faultOf(withData(table, scan, data, Buffer.of(0), table, scan, stuffed))).toBeUndefined();
    expect(faultOf(withData(...Array<Buffer>(10).fill(scan)))).toBeUndefined();
  });

  it('may have anything behind its end', () => {
    for (const length of [1, 11, LONG, 1_100_000])
      expect(faultOf(Buffer.concat([jpeg(), Buffer.alloc(length, 'x')]))).toBeUndefined();
  });

  it('is cut wherever it ends before its end', () => {
    const whole = withData(data.subarray(0, 100), Buffer.of(0), scan, data.subarray(0, 100));
    const cut = Array.from({ length: whole.length - 1 }, (_, length) => faultOf(whole.subarray(0, length)));
    expect(cut.every((fault) => fault !== undefined)).toBe(true);
    expect(cut.at(-1)).toBe(CUT);
    expect(faultOf(Buffer.concat([head, data, Buffer.alloc(1_000_000)]))).toBe(CUT);
  });

  it.each([
    ['the thumbnail within', withComment(jpeg(), jpeg().length * 2, jpeg()).subarray(0, -2)],
    ['a thumbnail behind its scan', Buffer.concat([head, hex('ffe1'), sized(jpeg()), hex('ff')])],
    ['the next image', Buffer.concat([head, jpeg()])],
    ['an image without a scan', Buffer.concat([head.subarray(0, head.indexOf(scan.subarray(0, 2))), tail])],
  ])('does not end with the end of %s', (_, bytes) => expect(faultOf(bytes)).toBe(CUT));
});

describe('a PNG', () => {
  const whole = png(40, 40);
  const [begin, pixels, end] = [whole.subarray(0, 33), whole.subarray(33, -12), whole.subarray(-12)];

  it('may have other chunks, its pixels in pieces, and anything behind its end', () => {
    const text = chunk('tEXt', Buffer.from('Comment\0IEND'));
    expect(faultOf(Buffer.concat([begin, text, pixels, text, end, Buffer.alloc(LONG)]))).toBeUndefined();
    const pieces = Array.from({ length: 5_000 }, (_, at) => chunk('IDAT', Buffer.of(at % 256)));
    expect(faultOf(Buffer.concat([begin, ...pieces, end]))).toBeUndefined();
  });

  it.each([
    ['before its end', Buffer.concat([begin, pixels])],
    ['in its pixels', Buffer.concat([begin, pixels.subarray(0, -9)])],
    ['in its pixels, and has an end', Buffer.concat([begin, pixels.subarray(0, 20), end])],
    [
      'in its pixels, and names its end in a text',
      Buffer.concat([begin, chunk('tEXt', Buffer.from('a\0IEND....')), pixels.subarray(0, -9)]),
    ],
  ])('is cut %s', (_, bytes) => expect(faultOf(bytes)).toBe(CUT));

  it.each([
    ['no pixels', Buffer.concat([begin, end])],
    ['pixels of no length', Buffer.concat([begin, chunk('IDAT', Buffer.alloc(0)), end])],
    ['a chunk without a name', Buffer.concat([begin, chunk('ID T', Buffer.alloc(9)), pixels, end])],
  ])('is damaged with %s', (_, bytes) => expect(faultOf(bytes)).toBe(DAMAGED));

  it('is damaged where one bit of a chunk is another, wherever it stands', () => {
    const large = noisePng(300, 300);
    for (const at of [19, 29, 41, 49_151, 49_152, 49_153, 60_000, large.length - 14]) {
      const damaged = Buffer.from(large);
      damaged[at] = (damaged[at] as number) ^ 1;
      expect([at, faultOf(damaged)]).toEqual([at, DAMAGED]);
    }
  });
});

/** With the length before it that a segment has. */
function sized(content: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length + 2);
  return Buffer.concat([length, content]);
}

/** The JPEG with a comment before what says its size. */
function withComment(image: Buffer, length: number, content: string | Buffer = 'x'): Buffer {
  const comment = Buffer.alloc(length + 4, content);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(length + 2, 2);
  return Buffer.concat([image.subarray(0, 2), comment, image.subarray(2)]);
}
