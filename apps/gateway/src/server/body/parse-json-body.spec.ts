import fc from 'fast-check';
import { LONG_IMAGES } from '../../printing/images/long-images.js';
import { JsonScanner, MAX_ESCAPED_BYTES } from './json-scanner.js';
import { parseJsonBody } from './parse-json-body.js';
import { RawJsonString } from './raw-json-string.js';

const MAX_REMAINDER_BYTES = 2_000;
const long = 'QUJD'.repeat(2_000);

/** Reads a body that arrives in pieces of this length. */
function read(body: string | Buffer, pieceLength = 1_000): unknown {
  const bytes = Buffer.from(body as string);
  const scanner = new JsonScanner({ maxRemainderBytes: MAX_REMAINDER_BYTES, ...LONG_IMAGES });
  for (let end = pieceLength; end < bytes.length + pieceLength; end += pieceLength)
    scanner.advance(bytes.subarray(0, end));
  return parseJsonBody(bytes, scanner);
}

/** With each long string as a string of JavaScript. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, function (this: Record<string, unknown>, name, written: unknown) {
      const held = this[name];
      return held instanceof RawJsonString ? held.bytes.toString() : written;
    }),
  );

/** What is thrown, as its kind, and where it is. */
function faultOf(body: string | Buffer, pieceLength?: number): unknown {
  try {
    read(body, pieceLength);
  } catch (error) {
    const { name, target, detail } = error as { name: string; target?: string; detail: string };
    return target ?? `${name}: ${detail}`;
  }
  return undefined;
}

describe('a JSON body', () => {
  const layers = [{ data: `1${long}` }, { data: 'short' }, { layer: 'UV', data: `2${long}` }];
  const print = { a: 'é €', print: { front: layers, back: [{ data: `3${long}` }] }, b: [{ data: 'x' }] };

  it.each([1, 7, 1_000, 100_000])('has its long images as bytes, when it comes in pieces of %i', (piece) => {
    for (const json of [JSON.stringify(print), JSON.stringify(print, undefined, 2)]) {
      const value = read(json, piece) as typeof print;
      expect(value.print.front[0]?.data).toBeInstanceOf(RawJsonString);
      expect(value.print.front[1]?.data).toBe('short');
      expect(value.print.back[0]?.data).toBeInstanceOf(RawJsonString);
      expect(plain(value)).toEqual(print);
    }
  });

  it.each([
    ['by PHP', (text: string) => text.replaceAll('/', '\\/')],
    ['by .NET', (text: string) => text.replaceAll('+', '\\u002B')],
    ['in every way', (text: string) => text.replaceAll('/', '\\u002f').replaceAll('+', '\\u002b')],
  ])('may have its images escaped %s', (_, escape) => {
    const text = 'Q/+J'.repeat(2_000);
    const value = read(
      `{"pr\\u0069nt":{"front":[{"data":"${escape(text)}"},{"data":"${escape('a/+b')}"}]}}`,
      100,
    );
    expect(plain(value)).toEqual({ print: { front: [{ data: text }, { data: 'a/+b' }] } });
  });

  it('is what JSON.parse makes of it, whatever stands in it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('print', 'front', 'data', '"\\'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(text, fc.integer(), fc.constantFrom(null, true, false, 0.5)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, 1, '\t'),
        (any, piece, indent) => {
          const json = JSON.stringify(any, undefined, indent);
          fc.pre(json.length < MAX_REMAINDER_BYTES / 3);
          expect(read(json, piece)).toEqual(JSON.parse(json));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['many lists', `{"a":[${'[],'.repeat(100_000)}[]]}`],
    ['white space', ' '.repeat(100_000)],
    ['quotes', '"'.repeat(100_000)],
    ['an open text', `{"a":"${'x'.repeat(100_000)}`],
    ['backslashes', `{"a":"${'\\'.repeat(100_000)}`],
    ['a long text that is no image', `{"exceptionSlotMessage":"${long}"}`],
    ['a long image where none is', `{"data":"${long}"}`],
    ['a long image in a layer of a layer', `{"print":{"front":[[{"data":"${long}"}]]}}`],
    ['a long name', `{"print":{"front":[{"data":{"${long}":1}}]}}`],
    ['many images', `{"print":{"front":[${`{"data":"${long}"},`.repeat(33)}{}]}}`],
  ])('is refused for more than it may have besides images: %s', (_, body) => {
    for (const piece of [100, 1_000_000])
      expect(faultOf(body, piece)).toBe(
        `body-too-large: What the body has besides images is longer than ${MAX_REMAINDER_BYTES} bytes.`,
      );
  });

  it('may have as many images of any length as a print has layers', () => {
    const front = Array.from({ length: 16 }, () => ({ data: 'A'.repeat(4_000) }));
    const body = { print: { front, back: front } };
    expect(plain(read(JSON.stringify(body)))).toEqual(body);
  });

  it.each([
    ['a.b[1].b', '{"a":{"b":[1,{"b":1,"c":{"b":1},"b":2}]}}'],
    ['a', '{"a":1,"\\u0061":2}'],
    ['print.front[0].data', `{"print":{"front":[{"data":"${long}","data":"${long}"}]}}`],
    ['print', `{"print":{"front":[{"data":"${long}"}]},"print":{}}`],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
  ])('names %s once only: %s', (path, body) => {
    expect(faultOf(body)).toBe(path);
  });

  it('is sixteen levels deep at most', () => {
    const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(faultOf(lists(16))).toBeUndefined();
    expect(faultOf(lists(17))).toBe('[0]'.repeat(16));
    expect(faultOf(`{"a":${'['.repeat(1_000)}`)).toBe(`a${'[0]'.repeat(15)}`);
  });

  it.each([
    ['a number with too many digits', '{"a":1.00000000000000001}', /more than 17 characters/],
    ['Latin-1', Buffer.from('{"a":"é"}', 'latin1'), /not UTF-8/],
    [
      'Latin-1 behind an image',
      Buffer.from(`{"print":{"front":[{"data":"${long}"}]},"a":"é"}`, 'latin1'),
      /not UTF-8/,
    ],
    ['half a surrogate in UTF-8', Buffer.from('22eda08022', 'hex'), /not UTF-8/],
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), /not UTF-8/],
    ['UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le'), /not UTF-8/],
    ['UTF-16, the high byte first', Buffer.from('{"a":1}', 'utf16le').swap16(), /not UTF-8/],
    ['a NUL', '{"a":"\0"}', /not valid JSON/],
    ['what is no JSON', '{"a":1,}', /not valid JSON/],
    ['an image that does not end', `{"print":{"front":[{"data":"${long}`, /not valid JSON/],
    ['NaN', '{"a":NaN}', /not valid JSON/],
  ])('is no %s', (_, body, fault) => {
    expect(faultOf(body)).toMatch(fault);
  });

  it('may begin with a mark of UTF-8', () => {
    expect(read('\ufeff{"a":"é"}')).toEqual({ a: 'é' });
  });

  it('may have as many escaped images as can be undone in time, and says so of more', () => {
    const most = '/9j/'.padEnd(MAX_ESCAPED_BYTES - 4, 'A');
    const bodyOf = (...texts: string[]) =>
      `{"print":{"front":[${texts.map((text) => `{"data":"${text}"}`).join()}]}}`;
    const message = expect.stringContaining('must have "/" and "+" unescaped') as string;
    const tooMany = expect.objectContaining({
      members: { violations: [{ path: 'print.front[1].data', message }] },
    }) as Error;
    expect(faultOf(bodyOf(`${most}\\/`, most))).toBeUndefined();
    expect(() => read(bodyOf(most, `${most}\\/QUJD`))).toThrow(tooMany);
    expect(() => read(bodyOf(`${most.slice(0, 9_000)}\\/`, `${most}\\/`))).toThrow(tooMany);
  });

  it('keeps what JSON can say: -0, a great number, an escaped NUL', () => {
    expect(read('{"a":-0,"b":1e400,"c":"\\u0000"}')).toEqual({ a: -0, b: Infinity, c: '\0' });
  });

  it.each(['\\"', '\\\\', '\\"x', '\\t', '\\u0041', '\\u00', '\\x', '\\u012b'])(
    'has no image in which anything else is escaped: %s',
    (escape) => {
      for (const text of [long + escape, long + escape + long])
        expect(faultOf(`{"print":{"front":[{},{"data":"${text}"}]}}`)).toBe('print.front[1].data');
    },
  );
});
