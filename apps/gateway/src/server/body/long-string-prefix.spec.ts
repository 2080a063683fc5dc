import { base64, jpeg, noisePng } from '../../../../../test/support/builders.js';
import { LONG_IMAGES } from '../../printing/images/long-images.js';
import { JsonScanner } from './json-scanner.js';
import { parseJsonBody } from './parse-json-body.js';

const MEGABYTE = 1_048_576;

/** What is made of a body that arrives in pieces of this length, or the place of what is wrong with it; how much of it was taken. */
function read(json: string, pieceLength = 65_536): { body?: unknown; fault?: string; taken: number } {
  const bytes = Buffer.from(json);
  const scanner = new JsonScanner({ maxRemainderBytes: 2_000, ...LONG_IMAGES });
  let taken = 0;
  try {
    while (taken < bytes.length) {
      taken = Math.min(bytes.length, taken + pieceLength);
      scanner.advance(bytes.subarray(0, taken));
    }
    return { body: parseJsonBody(bytes, scanner), taken };
  } catch (error) {
    return { fault: (error as { target?: string }).target ?? String(error), taken };
  }
}

const printOf = (...images: string[]) =>
  `{"print":{"front":[{},${images.map((image) => `{"data":"${image}"}`).join()}]},"copies":true}`;
const large = base64(noisePng(1_100, 1_100));
const ofPhp = (text: string) => text.replaceAll('/', '\\/');
const ofDotNet = (text: string) => text.replaceAll('+', '\\u002B');

describe('a long image', () => {
  it.each([
    ['nothing', 'QUJD'],
    ['a GIF', 'data:image/gif;base64,R0lGODlhAQABAIAAAAUEBA'],
    ['a PNG that is cut into no chunks', large.slice(0, 44)],
    ['what is no base64', '<svg>'],
    ['what is escaped otherwise', '\\n'],
  ])('is refused a megabyte after it began as %s', (_, begin) => {
    const { fault, taken } = read(printOf(begin + 'A'.repeat(8 * MEGABYTE)));
    expect(fault).toBe('print.front[1].data');
    expect(taken).toBeLessThan(1.2 * MEGABYTE);
  });

  it('is refused so for what came before it', () => {
    const images = Array.from({ length: 15 }, () => 'A'.repeat(MEGABYTE / 2));
    const { fault, taken } = read(printOf(...images));
    expect(fault).toBe('print.front[1].data');
    expect(taken).toBeLessThan(1.2 * MEGABYTE);
  });

  it('is read to its end where that is near, whatever it is, since there may be more to say', () => {
    expect(read(printOf('A'.repeat(MEGABYTE / 2))).body).toMatchObject({ copies: true });
  });

  it.each([20_000, 65_536, 10 * MEGABYTE])('is read in pieces of %i whatever escapes it', (piece) => {
    const late = base64(
      Buffer.concat([
        jpeg().subarray(0, 2),
        Buffer.from('fffeffff', 'hex'),
        Buffer.alloc(2 * MEGABYTE, 0xfe),
      ]),
    );
    for (const escaped of [large, ofPhp(large), ofDotNet(ofPhp(large)), late, ofPhp(late)])
      for (const prefix of ['', 'data:image/png;base64,'])
        expect(read(printOf(prefix + escaped), piece)).toMatchObject({ body: { copies: true } });
  });

  it('may have an escape wherever its beginning ends', () => {
    for (let length = 4_080; length < 4_100; length += 1) {
      const start = (large.slice(0, 80) + 'A'.repeat(length)).slice(0, length);
      for (const escape of ['\\/', '\\u002b'])
        expect(read(printOf(start + escape + large.slice(0, 1.1 * MEGABYTE)))).toMatchObject({
          body: { copies: true },
        });
    }
  });
});
