import { SetAssociativeCache } from './set-associative.cache.js';

interface Named {
  readonly id: string;
  readonly value: number;
}

describe('SetAssociativeCache', () => {
  const named = (value: number): Named => ({ id: `id-${value}`, value });
  const filled = (room: number, count: number) => {
    const cache = new SetAssociativeCache<Named>(room);
    for (let value = 0; value < count; value += 1) cache.set(named(value));
    return cache;
  };
  const found = (cache: SetAssociativeCache<Named>, count: number) =>
    Array.from({ length: count }, (_, value) => cache.get(`id-${value}`)?.value).filter(
      (value) => value !== undefined,
    );

  it('finds each by its very id', () => {
    const cache = filled(1_000, 100);
    expect(found(cache, 100)).toEqual(Array.from({ length: 100 }, (_, value) => value));
    expect([cache.get('id-100'), cache.get('ID-1'), cache.get('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes who has the id already for the same', () => {
    const cache = filled(8, 8);
    cache.set({ id: 'id-3', value: 33 });
    expect(found(cache, 8)).toEqual([0, 1, 2, 33, 4, 5, 6, 7]);
  });

  it('keeps no more than there is room for, and one for each that it drops', () => {
    const cache = filled(4, 100);
    expect(found(cache, 100)).toHaveLength(8);
    expect(found(cache, 100)).toContain(99);
  });

  it('forgets next to nothing of so many as are expected', () => {
    expect(found(filled(8_192, 8_192), 8_192).length).toBeGreaterThan(8_192 * 0.98);
  });

  it('does not take one id for another of the same hash', () => {
    // Their FNV-1a hashes are the same.
    const [one, other] = ['costarring', 'liquid'];
    const cache = new SetAssociativeCache<Named>(8);
    cache.set({ id: one, value: 1 });
    expect(cache.get(other)).toBeUndefined();
    cache.set({ id: other, value: 2 });
    expect([cache.get(one)?.value, cache.get(other)?.value]).toEqual([1, 2]);
  });
});
