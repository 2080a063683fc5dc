import { setTimeout as delay } from 'node:timers/promises';
import { MemoryStore, RedisStore, redisUrl } from '#libs/store';
import { clusterUrl, RedisServer, startCluster } from '../support/redis.js';
import { storeBehaviour } from './store-behaviour.js';

const open = (url: string) => {
  const target = redisUrl.parse(url);
  if (!target) throw new Error(`no Redis is named by ${url}`);
  return new RedisStore(target, { keyPrefix: 'test:', commandTimeoutMs: 1_000 });
};

describe('MemoryStore', () => {
  let now = 0;
  storeBehaviour(
    () => {
      const store = new MemoryStore({ maxEntries: 1_000, now: () => now });
      return Promise.resolve({ store, advance: (ms) => Promise.resolve(void (now += ms)) });
    },
    ({ store }) => store.close(),
  );

  it('keeps a bounded number of entries and lets the oldest go', async () => {
    const store = new MemoryStore({ maxEntries: 10, now: () => now });
    for (let i = 0; i < 25; i += 1) await store.set(`k${i}`, 'v', 60_000);
    expect(await store.get('k14')).toBeUndefined();
    expect(await store.get('k15')).toBe('v');
  });
});

describe('RedisStore over one server', () => {
  let server: RedisServer;
  storeBehaviour(
    async () => {
      server = await RedisServer.start();
      return { store: open(server.url), advance: (ms) => delay(ms) };
    },
    async ({ store }) => {
      await store.close();
      await server.stop();
    },
  );
});

describe('RedisStore over a cluster', () => {
  let nodes: RedisServer[];
  storeBehaviour(
    async () => {
      nodes = await startCluster();
      return { store: open(clusterUrl(nodes)), advance: (ms) => delay(ms) };
    },
    async ({ store }) => {
      await store.close();
      await Promise.all(nodes.map((node) => node.stop()));
    },
  );
});
