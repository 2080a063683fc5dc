import { setTimeout as delay } from 'node:timers/promises';
import { cpuTimeMs } from '../support/cpu-time.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { base64, dataUri, noisePng, printRequest } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';
import { Upload } from '../support/upload.js';

const SIZE = 10_000_000;
/** Where several are held against one another, some in any case; and on a busy machine as many as it takes for so long. */
const TRIES = { least: 4, withinMs: 60_000 };
/** Until the kernel has counted what a process took, and what it does behind its answer is done. */
const SETTLE_MS = 20;
const MEGABYTE = 1_000_000;
const ANONYMOUS_MS = 2;
const NO_IMAGE_MS = 20;
/** Twice as long costs twice as much, and what measuring adds. */
const LINEAR_RATIO = 2.6;
/** So long an image may be in which something is escaped, with what stands around it. */
const MOST_ESCAPED = 3_999_000;

/** A text of ten megabytes that begins so, goes on like this, and ends so. */
function filled(begin: string, piece: string, end = '', size = SIZE): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.write(begin);
  bytes.fill(piece, begin.length);
  bytes.write(end, size - end.length);
  return bytes;
}

const IN_IMAGE = '{"print":{"front":[{"data":"';
const END = '"}]}}';
const PNG_START = base64(noisePng(8, 8)).slice(0, 32);
/** All of its first chunk, and a chunk of no bytes. */
const PNG_HEADER = base64(noisePng(8, 8)).slice(0, 44);
const EMPTY_CHUNK = base64(Buffer.from('000000004944415435af061e', 'hex'));
/** A scan of nothing, and what looks like one where it is a fill byte. */
const SCAN = base64(Buffer.from('ffda0008010100003f00ff00', 'hex'));
/** The head of a chunk that is about as long as the body. */
const LONG_CHUNK = base64(Buffer.from('007260004944415400000000', 'hex'));
const JPEG_START = base64(Buffer.from('ffd8ffc0000b080010001001011100ffda0008010100003f', 'hex'));

const NO_IMAGES: [string, () => Buffer][] = [
  ['lists in a list', () => filled('{"a":[', '[],')],
  ['layers without an image', () => filled('{"print":{"front":[', '{},')],
  [
    'distinct names',
    () => Buffer.from(`{${Array.from({ length: SIZE / 14 }, (_, i) => `"x${1e7 + i}":1`).join()}}`),
  ],
  ['lists in lists', () => filled('', '[')],
  ['white space', () => filled('', ' \n')],
  ['digits', () => filled('{"hopper":', '1234567890')],
  ['quotes', () => filled('', '"')],
  ['backslashes', () => filled('{"billing":"', '\\')],
  ['one text', () => filled('{"exceptionSlotMessage":"', 'x', '"}')],
  ['images in the wrong place', () => filled('{"data":"', 'QUJD', '"}')],
  ['base64 that is no image', () => filled(IN_IMAGE, 'QUJD', END)],
  ['an image that does not end', () => filled(IN_IMAGE, 'QUJD')],
  ['an image of escaped quotes', () => filled(IN_IMAGE, '\\"', END)],
  ['an image of backslashes', () => filled(IN_IMAGE, '\\\\\\\\', END)],
  ['an image of escaped slashes', () => filled(IN_IMAGE, '\\/', END)],
  ['an image of escaped letters', () => filled(`${IN_IMAGE}\\`, 'u002B\\', `u002B${END}`)],
  ['a PNG of nothing', () => filled(IN_IMAGE + PNG_START, 'AAAA', END)],
  ['a PNG of many chunks', () => filled(IN_IMAGE + PNG_HEADER, EMPTY_CHUNK, END)],
  ['a PNG of one chunk that is damaged', () => filled(IN_IMAGE + PNG_HEADER + LONG_CHUNK, 'QUJD', END)],
  ['many images of nothing', () => filled('{"print":{"front":[', `{"data":"${'A'.repeat(1e6)}"},`)],
  ['a JPEG of nothing', () => filled(IN_IMAGE + JPEG_START, 'AAAA', END)],
  ['a PNG of escaped letters', () => filled(`${IN_IMAGE}${PNG_START}`, '\\u002B', END)],
  ['a JPEG that may end at every byte', () => filled(IN_IMAGE + JPEG_START, '////', END)],
  ['a JPEG of many scans', () => filled(IN_IMAGE + JPEG_START, SCAN, END)],
  ['a JPEG of stuffed bytes', () => filled(IN_IMAGE + JPEG_START, '/wD/AP8A', END)],
  ['an image of line breaks', () => filled(IN_IMAGE + PNG_START, '\\r\\n', END)],
  ['a JPEG of nothing, with one escaped slash', () => filled(`${IN_IMAGE}\\${JPEG_START}`, 'AAAA', END)],
  ['a JPEG of escaped slashes', () => filled(`${IN_IMAGE}\\${JPEG_START}`, '\\/', END)],
  [
    'at most escaped: a JPEG of nothing, with one escaped slash',
    () => filled(`${IN_IMAGE}\\${JPEG_START}`, 'AAAA', END, MOST_ESCAPED),
  ],
  [
    'at most escaped: a JPEG of escaped slashes',
    () => filled(`${IN_IMAGE}\\${JPEG_START}`, '\\/', END, MOST_ESCAPED),
  ],
  [
    'at most escaped: a JPEG that may end everywhere, escaped here and there',
    () => filled(`${IN_IMAGE}\\${JPEG_START}`, '//////\\u002b/', END, MOST_ESCAPED),
  ],
  ['a JPEG of many segments', () => filled(`${IN_IMAGE}/9j+`, '/gAC/v4AAv7+AAL+', END)],
];

describe('what a body costs the gateway', () => {
  let env: TestEnvironment;
  let pid: number;
  const table: [string, string, string][] = [];

  beforeAll(async () => {
    env = await TestEnvironment.open({ policy: withoutQuotas, gateway: { LOG_LEVEL: 'info' } });
    pid = env.gateway(0).program.pid;
    // Compiled, and its memory grown.
    for (let turn = 0; turn < 20; turn += 1) await env.as('olga').post(printPath(), printRequest());
    const large = printOf(SIZE * 0.99);
    for (let turn = 0; turn < 4; turn += 1) await send(await authorized(), large);
  }, 120_000);
  afterAll(async () => {
    const rows = table.map(([what, cpu, bound]) => `| ${what} | ${cpu} | ${bound} |`);
    process.stdout.write(`\n| body | least CPU | bound |\n| --- | --- | --- |\n${rows.join('\n')}\n`);
    await env.close();
  });

  const authorized = async () => ({ authorization: `Bearer ${await env.tokenOf('olga')}` });
  const printOf = (bytes: number) => {
    const side = Math.floor(Math.sqrt(bytes * 0.74));
    return Buffer.from(JSON.stringify({ print: { front: [{ data: dataUri(noisePng(side, side)) }] } }));
  };

  async function send(headers: Record<string, string>, body: Buffer): Promise<string> {
    const upload = await Upload.begin(env.gatewayUrl, printPath(), {
      ...headers,
      'content-length': String(body.length),
    });
    upload.send(body);
    return upload.outcome();
  }

  interface Sent {
    readonly headers: Record<string, string>;
    readonly body: Buffer;
    readonly outcome: RegExp;
  }

  /** What the request takes of the processor, in milliseconds. */
  async function costOf({ headers, body, outcome }: Sent): Promise<number> {
    const before = cpuTimeMs(pid);
    expect(await send(headers, body)).toMatch(outcome);
    await delay(SETTLE_MS);
    return cpuTimeMs(pid) - before;
  }

  /** The least that each took of several tries, since others use the machine too. */
  async function leastCosts(
    all: Sent[],
    tries: number,
    isEnough: (least: number[]) => boolean,
  ): Promise<number[]> {
    const least = all.map(() => Infinity);
    const endsAtMs = performance.now() + TRIES.withinMs;
    for (let turn = 0; turn < tries || !(isEnough(least) || performance.now() > endsAtMs); turn += 1)
      for (const [index, sent] of all.entries())
        least[index] = Math.min(least[index] as number, await costOf(sent));
    return least;
  }

  async function leastCost(sent: Sent, boundMs: number): Promise<number> {
    const [least] = await leastCosts([sent], 1, ([ms]) => (ms as number) <= boundMs);
    return least as number;
  }

  const note = (what: string, ms: number, bound: string) => table.push([what, `${ms.toFixed(1)} ms`, bound]);

  const OF_NOBODY = [NO_IMAGES[0], NO_IMAGES[8]] as typeof NO_IMAGES;

  it.each(OF_NOBODY)(
    'of somebody who is not known is next to nothing: %s',
    async (what, body) => {
      const ms = await leastCost({ headers: {}, body: body(), outcome: /^401/ }, ANONYMOUS_MS);
      note(`10 MB, no token: ${what}`, ms, `${ANONYMOUS_MS} ms`);
      expect(ms).toBeLessThanOrEqual(ANONYMOUS_MS);
    },
    120_000,
  );

  it('of somebody who is not known is not kept', async () => {
    const before = env.gateway(0).program.residentBytes;
    // No more of them than it takes: each leaves some garbage, which a process with room collects later.
    for (let turn = 0; turn < TRIES.least; turn += 1)
      for (const [, body] of OF_NOBODY) expect(await send({}, body())).toMatch(/^401/);
    expect(env.gateway(0).program.residentBytes - before).toBeLessThan(5 * MEGABYTE);
  });

  it.each(NO_IMAGES)(
    'of somebody who may print, and prints no image, is little: %s',
    async (what, body) => {
      const sent = { headers: await authorized(), body: body(), outcome: /^4(00|13)/ };
      const ms = await leastCost(sent, NO_IMAGE_MS);
      note(`10 MB: ${what}`, ms, `${NO_IMAGE_MS} ms`);
      expect(ms).toBeLessThanOrEqual(NO_IMAGE_MS);
    },
    120_000,
  );

  it('that began as no image is told so before the rest of it has come', async () => {
    const upload = await Upload.begin(env.gatewayUrl, printPath(), {
      ...(await authorized()),
      'content-length': String(SIZE),
    });
    upload.send(filled(IN_IMAGE, 'QUJD').subarray(0, SIZE / 5));
    const answer = await upload.answer();
    expect(answer).toMatch(/^HTTP\/1.1 400 .*\r\nconnection: close\r\n/is);
    expect(answer).toContain('{"path":"print.front[0].data","message":"must be a JPEG or PNG image"}');
  });

  it('that is an image grows with its length', async () => {
    const headers = await authorized();
    const sizes = [SIZE / 10, SIZE / 2, SIZE * 0.99];
    const prints = sizes.map((bytes) => ({ headers, body: printOf(bytes), outcome: /^200/ }));
    const ratioOf = (ms: number[]) => (ms[2] as number) / (ms[1] as number);
    const costs = await leastCosts(prints, TRIES.least, (ms) => ratioOf(ms) < LINEAR_RATIO);
    for (const [index, ms] of costs.entries())
      note(`a print of ${Math.round((sizes[index] as number) / MEGABYTE)} MB`, ms, 'linear');
    expect(ratioOf(costs)).toBeLessThan(LINEAR_RATIO);
  }, 120_000);
});
