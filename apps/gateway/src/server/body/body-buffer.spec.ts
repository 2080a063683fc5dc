import { BodyBuffer } from './body-buffer.js';

const piecesOf = (count: number, length: number) =>
  Array.from({ length: count }, (_, byte) => Buffer.alloc(length, byte));

/** In how many places of memory the body stood as these pieces arrived. */
function movesOf(body: BodyBuffer, pieces: readonly Buffer[]): number {
  const places = new Set<ArrayBufferLike>();
  for (const piece of pieces) {
    body.append(piece);
    places.add(body.bytes.buffer);
  }
  return places.size - 1;
}

describe('the buffer of a body', () => {
  it('never moves a body whose length was announced', () => {
    const body = new BodyBuffer(100 * 1_000);
    const pieces = piecesOf(100, 1_000);
    expect(movesOf(body, pieces)).toBe(0);
    expect(body.bytes).toEqual(Buffer.concat(pieces));
  });

  it('doubles its room for a body of unknown length, up to its bound', () => {
    const body = new BodyBuffer(10_000, 100_000);
    const pieces = piecesOf(100, 1_000);
    // 10,000, 20,000, 40,000, 80,000, 100,000
    expect(movesOf(body, pieces)).toBe(4);
    expect(body.bytes).toEqual(Buffer.concat(pieces));
    expect(body.bytes.buffer.byteLength).toBe(100_000);
  });

  it('takes a piece that is longer than all of its room', () => {
    const body = new BodyBuffer(10, 100_000);
    body.append(Buffer.alloc(50_000, 1));
    expect(body.bytes).toEqual(Buffer.alloc(50_000, 1));
  });

  it('shows nothing but what has arrived', () => {
    const body = new BodyBuffer(100_000);
    expect(body.bytes).toHaveLength(0);
    body.append(Buffer.from('{}'));
    expect([body.bytes.toString(), body.length]).toEqual(['{}', 2]);
  });

  it.each([
    ['announced', new BodyBuffer(10)],
    ['bounded', new BodyBuffer(5, 10)],
    ['none', new BodyBuffer(0)],
  ])('takes no more than it is for: %s', (_, body) => {
    expect(() => body.append(Buffer.alloc(11))).toThrow(RangeError);
    expect(body.length).toBe(0);
  });

  it('never serves two bodies, however many there were', () => {
    const bodies = piecesOf(50, 300_000).map((bytes) => {
      const body = new BodyBuffer(bytes.length);
      body.append(bytes);
      return body;
    });
    expect(new Set(bodies.map(({ bytes }) => bytes.buffer)).size).toBe(50);
    bodies.forEach(({ bytes }, byte) => expect(bytes.every((each) => each === byte)).toBe(true));
  });
});
