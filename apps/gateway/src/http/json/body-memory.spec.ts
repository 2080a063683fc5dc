import { BodyMemory } from './body-memory.js';

const filled = (length: number, byte: number) => {
  const memory = new BodyMemory(length);
  memory.append(Buffer.alloc(length, byte));
  return memory;
};

describe('the memory of bodies', () => {
  it('serves another body once it was given back, and never two at a time', () => {
    const [one, other] = [filled(300_000, 1), filled(300_000, 2)];
    const buffer = one.bytes.buffer;
    one.giveBack();
    one.giveBack();
    const [next, third] = [filled(280_000, 3), filled(280_000, 4)];
    expect(next.bytes.buffer).toBe(buffer);
    expect(third.bytes.buffer).not.toBe(buffer);
    expect([other, next, third].map(({ bytes }) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual([
      [300_000, 2, 2],
      [280_000, 3, 3],
      [280_000, 4, 4],
    ]);
    [other, next, third].forEach((memory) => memory.giveBack());
  });

  it('is not kept of short bodies', () => {
    const short = filled(60_000, 1);
    const { buffer } = short.bytes;
    short.giveBack();
    expect(filled(60_000, 2).bytes.buffer).not.toBe(buffer);
    expect(() => short.bytes).toThrow('given back');
  });

  it('is not that of others for a body of unknown length, which counts with less than it would hold', () => {
    const written = new BodyMemory(4_194_304);
    written.append(Buffer.alloc(4_194_304));
    const { buffer } = written.bytes;
    written.giveBack();
    const unknown = new BodyMemory(4_194_304, 65_536);
    unknown.append(Buffer.alloc(65_537));
    expect(unknown.bytes.buffer).not.toBe(buffer);
    for (const [bytes, isTaken] of [
      [3_900_000, false],
      [4_194_304, true],
    ] as const) {
      const known = new BodyMemory(bytes);
      known.append(Buffer.alloc(1));
      expect([bytes, known.bytes.buffer === buffer]).toEqual([bytes, isTaken]);
      known.leave();
    }
  });

  it('moves once when nobody knew how much would come', () => {
    const memory = new BodyMemory(1_000_000, 1_000);
    const buffers = new Set();
    for (let byte = 0; byte < 100; byte += 1) {
      memory.append(Buffer.alloc(500, byte));
      buffers.add(memory.bytes.buffer);
    }
    expect(buffers.size).toBe(2);
    expect(memory.bytes).toEqual(
      Buffer.concat(Array.from({ length: 100 }, (_, byte) => Buffer.alloc(500, byte))),
    );
  });

  it('takes no more than it is for', () => {
    expect(() => filled(10, 1).append(Buffer.alloc(1))).toThrow(RangeError);
  });
});
