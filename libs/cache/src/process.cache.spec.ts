import { CacheEntry } from './cache-entry.js';
import { ProcessCache } from './process.cache.js';

const lifetime = { freshMs: 1_000, staleWhileRevalidateMs: 500, staleIfErrorMs: 30_000 };

describe('ProcessCache', () => {
  let now: number;
  beforeEach(() => (now = 1_000_000));

  const cacheOf = (options: Partial<ConstructorParameters<typeof ProcessCache>[0]> = {}) =>
    new ProcessCache({ maxEntries: 100, maxBytes: 1_000_000, ttlMs: 60_000, now: () => now, ...options });
  const entry = (text = 'one') => new CacheEntry(text, now, lifetime);

  it.each([
    ['it is fresh', {}, lifetime.freshMs],
    ['it need not be looked for in the shared state', { ttlMs: 300 }, 300],
  ])('serves an entry as long as %s, and has it for longer', (_, options, forMs) => {
    const cache = cacheOf(options);
    const kept = entry();
    cache.keep('k', kept);
    now += forMs - 1;
    expect(cache.fresh('k')).toBe(kept);
    now += 1;
    expect([cache.fresh('k'), cache.any('k')]).toEqual([undefined, kept]);
  });

  it('serves an entry that was already old when it came for what is left of its freshness', () => {
    const cache = cacheOf();
    const kept = entry();
    now += 600;
    cache.keep('k', kept);
    now += 399;
    expect(cache.fresh('k')).toBe(kept);
    now += 1;
    expect(cache.fresh('k')).toBeUndefined();
  });

  it('takes no entry that is of no use at all', () => {
    const cache = cacheOf();
    const late = entry();
    now += lifetime.freshMs + lifetime.staleIfErrorMs;
    cache.keep('k', late);
    expect(cache.any('k')).toBeUndefined();
  });

  it('has nothing left of an entry that was dropped', () => {
    const cache = cacheOf();
    cache.keep('k', entry());
    cache.drop('k');
    expect([cache.fresh('k'), cache.any('k')]).toEqual([undefined, undefined]);
  });

  it('keeps so many entries, of which the oldest goes first, however often it is asked for', () => {
    const cache = cacheOf({ maxEntries: 3 });
    for (const key of ['a', 'b', 'c', 'd']) {
      cache.keep(key, entry(key));
      cache.fresh('a');
    }
    expect(['a', 'b', 'c', 'd'].map((key) => cache.any(key)?.text)).toEqual([undefined, 'b', 'c', 'd']);
  });

  it('keeps so many bytes, as a text may take two for each letter, and nothing that is longer by itself', () => {
    const cache = cacheOf({ maxBytes: 10_000 });
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    for (const key of keys) cache.keep(key, entry('x'.repeat(1_000)));
    const kept = keys.filter((key) => cache.any(key));
    expect(kept).toEqual(['k6', 'k7', 'k8', 'k9']);
    cache.keep('k9', entry('x'.repeat(6_000)));
    expect(cache.any('k9')).toBeUndefined();
    expect(cache.any('k8')).toBeDefined();
  });
});
