import { ResourceNotFound } from '#libs/problem';
import { MemoryStore, RedisStore, redisUrl, type Store } from '#libs/store';
import { CacheConfig } from './cache.config.js';
import { ReadThroughCache } from './read-through.cache.js';
import type { Loaded, CacheLoader } from './cache-loader.js';

const lifetime = { freshMs: 1_000, staleWhileRevalidateMs: 500, staleIfErrorMs: 30_000 };
const settings = {
  processEntries: 100,
  processBytes: 1_000_000,
  processTtlMs: 60_000,
  leaseMs: 200,
  revalidateAfterMs: 500,
};

describe('ReadThroughCache', () => {
  let now: number;
  let fetches: number;
  let fetch: () => Promise<Loaded>;
  let store: Store;
  let cache: ReadThroughCache;

  const loader: CacheLoader = {
    kind: 'some',
    key: 'k',
    absentMs: 5_000,
    load: () => ((fetches += 1), fetch()),
  };
  const says = (text: string) => () => Promise.resolve({ text, lifetime });
  const read = async (revalidate = false) => {
    const { entry, outcome } = await cache.read(loader, { revalidate });
    return [entry.text, outcome];
  };
  const another = () => new ReadThroughCache(store, Object.assign(new CacheConfig(), settings), () => now);

  beforeEach(() => {
    [now, fetches] = [1_000_000, 0];
    fetch = says('one');
    store = new MemoryStore({ maxEntries: 100, now: () => now });
    cache = another();
  });

  it('fetches once while the answer is fresh, and again after', async () => {
    expect([await read(), await read()]).toEqual([
      ['one', 'miss'],
      ['one', 'hit'],
    ]);
    now += 1_500;
    fetch = says('two');
    expect(await read()).toEqual(['two', 'revalidated']);
    expect(fetches).toBe(2);
  });

  it('promises nothing where it has the answer, and answers', async () => {
    expect(cache.read(loader)).toBeInstanceOf(Promise);
    await read();
    expect(cache.read(loader)).toMatchObject({ entry: { text: 'one' }, outcome: 'hit' });
    await cache.invalidate('k');
    expect(cache.read(loader)).toBeInstanceOf(Promise);
  });

  it('lets those who come at the same time share one fetch', async () => {
    const outcomes = (await Promise.all(Array.from({ length: 5 }, () => read()))).map(
      ([, outcome]) => outcome,
    );
    expect(outcomes).toEqual(['miss', 'collapsed', 'collapsed', 'collapsed', 'collapsed']);
    expect(fetches).toBe(1);
  });

  it('shares what it has with other processes', async () => {
    await read();
    cache = another();
    expect(await read()).toEqual(['one', 'hit']);
    expect(fetches).toBe(1);
  });

  it('serves a stale answer at once while one request fetches anew', async () => {
    await read();
    now += 1_200;
    fetch = says('two');
    expect(await read()).toEqual(['one', 'stale-while-revalidate']);
    await new Promise(setImmediate);
    expect(await read()).toEqual(['two', 'hit']);
    expect(fetches).toBe(2);
  });

  it('serves what is left when the upstream fails, and the failure when nothing is', async () => {
    await read();
    fetch = () => Promise.reject(new Error('down'));
    now += 20_000;
    expect(await read()).toEqual(['one', 'stale-if-error']);
    now += 20_000;
    await expect(read()).rejects.toThrow('down');
  });

  it('keeps nothing without a lifetime', async () => {
    fetch = () => Promise.resolve({ text: 'now', lifetime: undefined });
    expect([await read(), await read()]).toEqual([
      ['now', 'miss'],
      ['now', 'miss'],
    ]);
  });

  it('remembers what the upstream does not know, for a while', async () => {
    fetch = () => Promise.reject(new ResourceNotFound());
    for (let i = 0; i < 3; i += 1) await expect(read()).rejects.toBeInstanceOf(ResourceNotFound);
    expect(fetches).toBe(1);
    expect(() => cache.read(loader)).toThrow(ResourceNotFound);
    now += 5_000;
    fetch = says('here now');
    expect((await read())[0]).toBe('here now');
  });

  it('follows a demand for revalidation for answers that are older than a while', async () => {
    await read();
    expect(await read(true)).toEqual(['one', 'hit']);
    now += 600;
    fetch = says('two');
    expect(await read(true)).toEqual(['two', 'request']);
    expect(await read(true)).toEqual(['two', 'hit']);
  });

  it('forgets on every process at once', async () => {
    const other = another();
    await read();
    await other.read(loader);
    fetch = says('two');
    await cache.invalidate('k');
    await new Promise(setImmediate);
    expect((await other.read(loader)).entry.text).toBe('two');
    expect((await read())[0]).toBe('two');
  });

  it('does not keep an answer that arrives after a newer invalidation, whoever invalidated', async () => {
    for (const invalidator of [cache, another()]) {
      let arrive: (fetched: Loaded) => void = () => {};
      fetch = () => new Promise((resolve) => (arrive = resolve));
      const slow = read();
      await new Promise(setImmediate);
      await invalidator.invalidate('k');
      arrive({ text: 'old', lifetime });
      expect((await slow)[0]).toBe('old');
      fetch = says('new');
      expect((await read())[0]).toBe('new');
      expect((await read())[1]).toBe('hit');
      now += 10_000_000;
    }
  });

  it('does not let who comes after an invalidation join the fetch from before it', async () => {
    let arrive: (fetched: Loaded) => void = () => {};
    fetch = () => new Promise((resolve) => (arrive = resolve));
    const slow = read();
    await new Promise(setImmediate);
    await cache.invalidate('k');
    fetch = says('new');
    const fast = read();
    arrive({ text: 'old', lifetime });
    expect([(await slow)[0], (await fast)[0]]).toEqual(['old', 'new']);
  });

  describe('while the shared state is away', () => {
    beforeEach(() => {
      const target = redisUrl.parse('redis://127.0.0.1:1');
      if (!target) throw new Error('no target');
      store = new RedisStore(target, {
        keyPrefix: '',
        commandTimeoutMs: 50,
        minReplicas: 0,
        replicasTimeoutMs: 500,
      });
      cache = another();
    });
    afterEach(() => store.close());

    it('keeps its own copies', async () => {
      expect([await read(), await read()]).toEqual([
        ['one', 'miss'],
        ['one', 'hit'],
      ]);
    });

    it('keeps no answer that arrives after a newer invalidation of its own', async () => {
      let arrive: (fetched: Loaded) => void = () => {};
      fetch = () => new Promise((resolve) => (arrive = resolve));
      const slow = read();
      await new Promise(setImmediate);
      await cache.invalidate('k');
      arrive({ text: 'old', lifetime });
      expect((await slow)[0]).toBe('old');
      fetch = says('new');
      expect((await read())[0]).toBe('new');
    });
  });
});
