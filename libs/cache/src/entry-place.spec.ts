import { ResourceNotFound } from '#libs/problem';
import { MemoryStore } from '#libs/store';
import { CacheConfig } from './cache.config.js';
import type { EntryPlace } from './entry-place.js';
import { ReadThroughCache } from './read-through.cache.js';
import type { Fetched, Source } from './source.js';

const lifetime = { freshMs: 1_000, staleWhileRevalidateMs: 500, staleIfErrorMs: 30_000 };
const settings = {
  processEntries: 100,
  processBytes: 1_000_000,
  processTtlMs: 60_000,
  leaseMs: 200,
  revalidateAfterMs: 500,
};

describe('an answer at hand', () => {
  let now: number;
  let fetch: () => Promise<Fetched>;
  let store: MemoryStore;
  let cache: ReadThroughCache;

  const source: Source = { kind: 'some', key: 'k', absentMs: 5_000, fetch: () => fetch() };
  const read = async (revalidate = false) => cache.read(source, { revalidate });
  const another = (changes: Partial<typeof settings> = {}) =>
    new ReadThroughCache(store, Object.assign(new CacheConfig(), settings, changes), () => now);

  beforeEach(() => {
    now = 1_000_000;
    fetch = () => Promise.resolve({ text: 'one', lifetime });
    store = new MemoryStore({ maxEntries: 100, now: () => now });
    cache = another();
  });

  let place: EntryPlace;
  const again = () => cache.readAgain('some', place)?.entry.text;
  const placed = () => {
    const another: EntryPlace = { entry: undefined, servedUntilMs: 0 };
    cache.putAtHand('k', another);
    return another;
  };

  it('is what this process has, and nothing where it has nothing', async () => {
    place = placed();
    expect(again()).toBeUndefined();
    await read();
    place = placed();
    expect(again()).toBe('one');
  });

  it.each<[string, Partial<typeof settings>, number]>([
    ['fresh', {}, lifetime.freshMs],
    ['to be served without a look into the shared state', { processTtlMs: 300 }, 300],
  ])('is read again as long as it is %s', async (_, changes, forMs) => {
    cache = another(changes);
    await read();
    place = placed();
    now += forMs - 1;
    expect(again()).toBe('one');
    now += 1;
    expect(again()).toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was invalidated here', () => cache.invalidate('k')],
    ['was invalidated elsewhere', () => another().invalidate('k')],
    ['was fetched anew', () => ((now += 500), read(true))],
    ['made room for another', async () => await cache.read({ ...source, key: 'other' })],
  ])('is gone, with its text, when it %s', async (_, change) => {
    cache = another({ processEntries: 1 });
    await read();
    place = placed();
    expect(again()).toBe('one');
    await change();
    expect(place.entry).toBeUndefined();
    expect(again()).toBeUndefined();
  });

  it('is in one place only', async () => {
    await read();
    const before = placed();
    place = placed();
    expect([before.entry, again()]).toEqual([undefined, 'one']);
  });

  it('says that there is no such thing, too', async () => {
    fetch = () => Promise.reject(new ResourceNotFound());
    await expect(read()).rejects.toThrow(ResourceNotFound);
    place = placed();
    expect(again).toThrow(ResourceNotFound);
  });
});
