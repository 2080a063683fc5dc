import { createHash, randomUUID } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** A grey PNG of this size; black unless told otherwise, a byte before each row and one for each pixel. */
export function png(width = 1, height = 1, rows = Buffer.alloc((width + 1) * height)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = deflateSync(rows);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG that does not get smaller: noise, the same for the same seed. */
export function noisePng(width: number, height: number, seed = ''): Buffer {
  const rows = createHash('shake256', { outputLength: (width + 1) * height })
    .update(seed)
    .digest();
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  return png(width, height, rows);
}

/** A chunk of a PNG. */
export function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([frame.subarray(0, 4), content, frame.subarray(4)]);
}

/** A JPEG of one grey pixel. */
export function jpeg(): Buffer {
  const start = 'ffd8ffe000104a46494600010100000100010000ffdb004300';
  const frame = 'ffc0000b080001000101011100ffc40014000100000000000000000000000000000009';
  const scan = 'ffc40014100100000000000000000000000000000000ffda0008010100003f0054dfffd9';
  return Buffer.from(start + '01'.repeat(64) + frame + scan, 'hex');
}

export const base64 = (bytes: Buffer) => bytes.toString('base64');

export const dataUri = (bytes: Buffer) => `data:image/png;base64,${base64(bytes)}`;

/** A plain print request: one card, one image on its front. */
export function printRequest(changes: Record<string, unknown> = {}) {
  return { print: { front: [{ data: dataUri(png()), layer: 'COLOR' }] }, ...changes };
}

/** Track data and APDUs, as tests send them. */
export const CARD_DATA = ['B4111111111111111^CARDHOLDER^2912', 'FD3500000100'];

/** The header of a request that is done once. */
export const keyHeader = (key: string = randomUUID()) => ({ 'idempotency-key': key });
