import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { StreamedResponse } from './streamed-response.js';
import type { UpstreamResponse } from './send.js';
import { BufferedResponse } from './buffered-response.js';

const MAX_BYTES = 100_000;
const TEXT = JSON.stringify({ counts: Array.from({ length: 1_000 }, (_, index) => index) });
const COMPRESSED = gzipSync(TEXT);
const BOMB = gzipSync(Buffer.alloc(50_000_000));

/** What comes of a response whose body arrives in pieces of this length. */
function receive(
  headers: Record<string, string>,
  body: Buffer,
  {
    status = 200,
    pieceBytes = 1_000,
    take,
  }: { status?: number; pieceBytes?: number; take?: (chunk: Buffer) => void } = {},
): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    const handler = take
      ? new StreamedResponse({ push: take }, MAX_BYTES, undefined, resolve, reject)
      : new BufferedResponse(MAX_BYTES, undefined, resolve, reject);
    const sent = { isOver: false };
    const controller = {
      abort(error: Error) {
        sent.isOver = true;
        handler.onResponseError(controller, error);
      },
      pause: () => {},
      resume: () => {},
    } as Dispatcher.DispatchController;
    handler.onRequestStart(controller);
    handler.onResponseStart(controller, status, { 'content-type': 'application/json', ...headers });
    for (let at = 0; at < body.length && !sent.isOver; at += pieceBytes)
      handler.onResponseData(controller, body.subarray(at, at + pieceBytes));
    if (!sent.isOver) handler.onResponseEnd();
  });
}

describe('a response of the upstream in a coding that nobody asked for', () => {
  it.each([
    ['gzip', COMPRESSED],
    ['x-gzip', COMPRESSED],
    ['GZip', COMPRESSED],
    ['identity, gzip', COMPRESSED],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity', Buffer.from(TEXT)],
    ['', Buffer.from(TEXT)],
  ])('is decoded: %s', async (coding, body) => {
    for (const pieceBytes of [1, 1_000_000])
      expect(await receive({ 'content-encoding': coding }, body, { pieceBytes })).toMatchObject({
        status: 200,
        text: TEXT,
      });
  });

  it.each([
    ['gzip', COMPRESSED.subarray(0, -20), /cannot be decoded/],
    ['gzip', Buffer.from(TEXT), /cannot be decoded/],
    ['zstd', COMPRESSED, /cannot be decoded/],
    ['gzip, gzip', gzipSync(COMPRESSED), /cannot be decoded/],
    ['gzip', BOMB, /too long/],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000)), /too long/],
  ])('is refused where it cannot be read, or becomes too long: %s', async (coding, body, reason) => {
    await expect(receive({ 'content-encoding': coding }, body)).rejects.toThrow(reason);
  });

  it('has no body and no coding to undo', async () => {
    expect(await receive({ 'content-encoding': 'gzip' }, Buffer.alloc(0), { status: 204 })).toMatchObject({
      text: '',
    });
  });

  it.each(['gzip', 'zstd'])(
    'counts by its status where it refuses, whatever its body is: %s',
    async (coding) => {
      const response = await receive({ 'content-encoding': coding }, Buffer.from('no such coding'), {
        status: 413,
      });
      expect(response).toMatchObject({ status: 413, text: '' });
    },
  );

  it('is decoded while it arrives where it is a list, and what its reader throws ends it', async () => {
    const taken: Buffer[] = [];
    await receive({ 'content-encoding': 'gzip' }, COMPRESSED, { take: (chunk) => taken.push(chunk) });
    expect(Buffer.concat(taken).toString()).toBe(TEXT);
    let takenBytes = 0;
    const take = (chunk: Buffer) => {
      takenBytes += chunk.length;
      throw new Error('enough');
    };
    await expect(receive({ 'content-encoding': 'gzip' }, BOMB, { take })).rejects.toThrow();
    expect(takenBytes).toBeLessThan(1_000_000);
  });
});
