import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import loadWabt from 'wabt';
import { findMarker, MARKER_MODULE, markerRoom } from './jpeg-marker.js';

const LENGTH = 49_152;

/** The same, byte by byte. */
function plainly(from: number, end: number): number {
  for (let at = from; at + 1 < end; at += 1) {
    const next = markerRoom[at + 1] as number;
    const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (markerRoom[at] === 0xff && !isData) return at;
  }
  return -1;
}

describe('a marker in the data of a scan', () => {
  it('is 255 with any byte behind it but 0, 255 and a restart, wherever it stands', () => {
    for (let next = 0; next < 256; next += 1)
      for (const place of [0, 1, 14, 15, 16, 17, 30, 31, 100]) {
        markerRoom.fill(7);
        markerRoom.set([0xff, next, next === 0xff ? 0 : 7], place);
        for (const from of [0, 1, place]) {
          const found = findMarker(from, 200);
          expect([next, place, from, found]).toEqual([next, place, from, plainly(from, 200)]);
        }
      }
  });

  it.each([2, 3, 15, 16, 17, 18, 33, LENGTH - 1, LENGTH])(
    'is looked for in %i bytes, and no further',
    (end) => {
      markerRoom.fill(7);
      markerRoom.set([0xff, 0xd9], end - 2);
      expect(findMarker(0, end)).toBe(end - 2);
      markerRoom.fill(7);
      markerRoom.set([0xff, 0xd9], end - 1);
      expect(findMarker(0, end)).toBe(-1);
    },
  );

  it.each([[[0xff]], [[0xff, 0]], [[0xff, 0xd3, 7]], [[0]]])('is not in %j over and over', (bytes) => {
    markerRoom.fill(Buffer.from(bytes));
    expect(findMarker(0, LENGTH)).toBe(-1);
  });

  it('is found by the module whose source stands beside', async () => {
    const name = 'jpeg-marker.wat';
    const source = readFileSync(join('apps/gateway/src/printing/images', name), 'utf8');
    const { buffer } = (await loadWabt()).parseWat(name, source, { simd: true }).toBinary({});
    expect(Buffer.from(buffer).toString('base64')).toBe(MARKER_MODULE);
  });
});
