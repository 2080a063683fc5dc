import fc from 'fast-check';
import { UpstreamInvalidResponse } from './idaas.problems.js';
import { JsonArrayReader } from './json-array.reader.js';

const MAX_BYTES = 1_000;

/** What a reader takes of these chunks. */
function read(chunks: readonly Buffer[], maxBytes = MAX_BYTES): unknown[] {
  const taken: unknown[] = [];
  const reader = new JsonArrayReader(maxBytes, (value) => taken.push(value));
  chunks.forEach((chunk) => reader.push(chunk));
  reader.end();
  return taken;
}
const readText = (text: string, maxBytes?: number) => read([Buffer.from(text)], maxBytes);

/** Cuts bytes at these places. */
function split(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end));
}

const objects = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })), {
  maxLength: 5,
});

describe('JsonArrayReader', () => {
  it('gives the objects of an array, wherever its bytes are split', () => {
    fc.assert(
      fc.property(objects, fc.nat(2), fc.array(fc.nat(), { maxLength: 20 }), (values, indent, places) => {
        const text = JSON.stringify(values, undefined, indent);
        expect(read(split(Buffer.from(text), places), 1_000_000)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives them byte by byte', () => {
    const values = [{ 'a"\\': 'ü€😀 \\" ]}{[', b: [{ c: '}' }, []] }, {}, { d: null }];
    const bytes = [...Buffer.from(JSON.stringify(values))].map((byte) => Buffer.from([byte]));
    expect(read(bytes)).toEqual(values);
  });

  it.each(['[]', ' [ ] \r\n', '[\n]\t'])('gives none of %j', (text) => expect(readText(text)).toEqual([]));

  it.each([
    ...['', ' ', '[', '[{', '[{}', '[{},', '[{"a":"]', '{}', '<html></html>', 'null', '[1]', '["a"]', '[[]]'],
    ...['[{}{}]', '[,{}]', '[{},]', '[{},,{}]', '[{}]]', '[{}] x', '[{a:1}]', '[{"a":]}]', '\uFEFF[]', '[}'],
  ])('refuses %j', (text) => expect(() => readText(text)).toThrow(UpstreamInvalidResponse));

  it('refuses every true beginning of a list', () => {
    const bytes = Buffer.from('[{"a":"\\"}"},{"b":[1,{}]}]');
    for (let end = 0; end < bytes.length; end += 1)
      expect(() => read([bytes.subarray(0, end)])).toThrow(UpstreamInvalidResponse);
  });

  it('refuses an object that is too long, before all of it came', () => {
    const reader = new JsonArrayReader(MAX_BYTES, () => undefined);
    reader.push(Buffer.from('[{"a":"'));
    const more = () => reader.push(Buffer.alloc(400, 'x'));
    more();
    more();
    expect(more).toThrow(UpstreamInvalidResponse);
    expect(() => readText(`[{"a":"${'x'.repeat(MAX_BYTES)}"}]`)).toThrow(UpstreamInvalidResponse);
  });

  it('reads a long list of short objects', () => {
    const taken: unknown[] = [];
    const reader = new JsonArrayReader(MAX_BYTES, (value) => taken.push(value));
    const piece = Buffer.from(',{"id":1}'.repeat(1_000));
    reader.push(Buffer.from('[{"id":1}'));
    for (let i = 0; i < 10; i += 1) reader.push(piece);
    reader.push(Buffer.from(']'));
    reader.end();
    expect(taken).toHaveLength(10_001);
  });
});
