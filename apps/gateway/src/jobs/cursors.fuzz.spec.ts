import fc from 'fast-check';
import { InvalidRequest } from '#libs/problem';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore } from '#libs/store';
import { Cursors } from './cursors.js';

const places = fc.record({ createdAtMs: fc.nat(Number.MAX_SAFE_INTEGER), id: fc.uuid() });

describe('a cursor', () => {
  const store = new MemoryStore({ maxEntries: 10, now: () => 0 });
  const cursors = new Cursors(new SecretKeys(store, undefined));

  const read = (cursor: string, list: string) =>
    cursors.read(cursor, list).catch((error: unknown) => {
      if (error instanceof InvalidRequest) return 'refused';
      throw error;
    });

  it('leads back to its place, in the list that gave it, with every gateway of the store', async () => {
    const another = new Cursors(new SecretKeys(store, undefined));
    await fc.assert(
      fc.asyncProperty(places, fc.string(), async (place, list) => {
        expect(await another.read(await cursors.write(place, list), list)).toEqual(place);
      }),
    );
  });

  it('is refused in any other list', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.string(), fc.string(), async (place, list, other) => {
        fc.pre(list !== other);
        expect(await read(await cursors.write(place, list), other)).toBe('refused');
      }),
    );
  });

  it('is refused when a byte of it is another', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, at, flip) => {
        const bytes = Buffer.from(await cursors.write(place, 'list'), 'base64url');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] as number) ^ flip;
        expect(await read(bytes.toString('base64url'), 'list')).toBe('refused');
      }),
    );
  });

  it('is refused when it is any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await read(text, 'list')).toBe('refused');
      }),
    );
  });
});
