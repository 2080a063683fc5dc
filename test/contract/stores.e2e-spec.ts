import { setTimeout as delay } from 'node:timers/promises';
import { MemoryStore, RedisStore, redisUrl, StoreFull, StoreUnavailable } from '#libs/store';
import { eventually } from '../support/eventually.js';
import { clusterUrl, RedisServer, startCluster } from '../support/redis.js';
import { inventoryBehaviour } from './inventory-behaviour.js';
import { storeBehaviour } from './store-behaviour.js';
import { keep, list, lower, reserve } from './subject.js';

const open = (url: string, minReplicas = 0) => {
  const target = redisUrl.parse(url);
  if (!target) throw new Error(`no Redis is named by ${url}`);
  return new RedisStore(target, {
    keyPrefix: 'test:',
    commandTimeoutMs: 1_000,
    minReplicas,
    replicasTimeoutMs: 500,
  });
};

const durably = async (store: RedisStore, key: string, from: string, to: string) => {
  const writes = [{ set: key, value: to, ttlMs: 60_000 }];
  return (await store.commit({ conditions: [{ key, is: from }], writes, isDurable: true })).isDone;
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

  it('keeps what is reserved for its own time, whatever was asked or lowered before', async () => {
    const store = new MemoryStore({ maxEntries: 10, now: () => now });
    expect(await store.readReserved('{k}')).toBe(0);
    expect(await keep(store, '{k}', 'a')).toBe(false);
    await lower(store, '{k}', 'b', 0);
    await reserve(store, '{k}', { member: 'a', amount: 5, heldMs: 1_000 }, 10, 172_800_000);
    expect(await keep(store, '{k}', 'a')).toBe(true);
    now += 172_799_999;
    expect(await store.readReserved('{k}')).toBe(5);
    now += 1;
    expect(await store.readReserved('{k}')).toBe(0);
  });

  it('keeps a bounded number of expendable entries and lets the oldest go', async () => {
    const { expendable } = new MemoryStore({ maxEntries: 10, now: () => now });
    for (let i = 0; i < 25; i += 1) await expendable.set(`k${i}`, 'v', 60_000);
    expect(await expendable.get('k14')).toBeUndefined();
    expect(await expendable.get('k15')).toBe('v');
  });

  it('lets nothing go that is not expendable, and has room for nothing new until some of it ends', async () => {
    const store = new MemoryStore({ maxEntries: 10, now: () => now });
    for (let i = 0; i < 10; i += 1) {
      expect(() => store.requireRoom()).not.toThrow();
      await store.set(`k${i}`, 'v', i === 0 ? 1_000 : 60_000);
    }
    for (let i = 0; i < 25; i += 1) await store.expendable.set(`k${i}`, 'w', 60_000);
    expect(() => store.requireRoom()).toThrow(StoreFull);
    // What was begun before is ended all the same.
    await store.set('what follows', 'v', 60_000);
    for (let i = 0; i < 10; i += 1) expect(await store.get(`k${i}`)).toBe('v');
    now += 1_000;
    expect(() => store.requireRoom()).toThrow(StoreFull);
    expect(await store.compareAndDelete('k1', 'v')).toBe(true);
    now += 1_000;
    expect(() => store.requireRoom()).not.toThrow();
  });
});

describe('RedisStore over one server', () => {
  let server: RedisServer;
  let store: RedisStore;
  storeBehaviour(
    async () => {
      server = await RedisServer.start();
      store = open(server.url);
      return { store, advance: (ms) => delay(ms) };
    },
    async () => {
      await store.close();
      await server.stop();
    },
  );

  inventoryBehaviour(() => ({
    url: server.url,
    store,
    prefix: 'test:',
    command: (...words) => server.commandOf(...words),
  }));

  it('answers those who ask beside one whose key holds something else', async () => {
    await list(store, 'odd', 'member', 1);
    const look = (k: string) => store.getOrClaim(k, 0, { key: `${k}:claim`, owner: 'me', ttlMs: 60_000 });
    const [before, odd, after] = await Promise.allSettled(['before', 'odd', 'after'].map(look));
    const claimed = { status: 'fulfilled', value: { value: undefined, isClaimed: true } };
    expect([before, after]).toEqual([claimed, claimed]);
    expect(odd).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
    expect(store.isUp).toBe(true);
  });

  const scriptsRun = async () => {
    const calls = (await server.command('INFO commandstats')).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g);
    return [...calls].reduce((sum, [, count]) => sum + Number(count), 0);
  };

  it('sends what one command does as that command, so that Redis’ own tools name it', async () => {
    const noted = server.monitor();
    await eventually(() => expect(noted()).toContain('OK'));
    const before = await scriptsRun();
    await Promise.all([store.set('plain', 'a', 60_000), store.get('plain'), store.delete('plain')]);
    await store.append('plain:stream', 'a', 10);
    await server.command('ECHO seen');
    await eventually(() => expect(noted()).toContain('"seen"'));
    const commands = ['"set" "test:plain"', '"get" "test:plain"', '"del" "test:plain"', '"xadd" "test:plain'];
    for (const command of commands) expect(noted()).toContain(command);
    // The store looks meanwhile whether Redis is usable.
    expect((await scriptsRun()) - before).toBeLessThanOrEqual(1);
  });

  it('leaves nothing to be done later on the connection of a Redis that is silent', async () => {
    const look = () => store.getOrClaim('silent', 0, { key: 'silent:claim', owner: 'me', ttlMs: 60_000 });
    await look();
    const before = await scriptsRun();
    server.signal('SIGSTOP');
    for (let turn = 0; turn < 5; turn += 1) {
      await expect(look()).rejects.toBeInstanceOf(StoreUnavailable);
      expect(store.isUp).toBe(false);
    }
    server.signal('SIGCONT');
    await eventually(() => expect(store.isUp).toBe(true));
    // The one that was asked in vain, its claim given back, and what tried whether Redis is back.
    expect(await scriptsRun()).toBeLessThan(before + 5);
  });

  it('does not take Redis for away because this process was busy for several timeouts', async () => {
    await store.set('busy', 'value', 60_000);
    const asked = [store.get('busy'), store.get('busy')];
    const endsAtMs = performance.now() + 3_000;
    while (performance.now() < endsAtMs);
    expect(await Promise.all(asked)).toEqual(['value', 'value']);
    expect(store.isUp).toBe(true);
  });
});

describe('RedisStore over a server with a replica', () => {
  let server: RedisServer;
  let replica: RedisServer;
  let store: RedisStore;
  storeBehaviour(
    async () => {
      server = await RedisServer.start();
      replica = await RedisServer.start('--replicaof', '127.0.0.1', String(server.port));
      await eventually(async () => expect(await replica.command('ROLE')).toContain('connected'));
      store = open(server.url, 1);
      return { store, advance: (ms) => delay(ms) };
    },
    async () => {
      await store.close();
      await Promise.all([server.stop(), replica.stop()]);
    },
  );

  it('does not take a durable write for done that the replica does not have, and goes on with all others', async () => {
    await store.set('durable', 'a', 60_000);
    replica.signal('SIGSTOP');
    const refused = durably(store, 'durable', 'a', 'b');
    expect(await store.setIfAbsent('meanwhile', 'x', 60_000)).toBe(true);
    await expect(refused).rejects.toMatchObject({ cause: { message: '0 of 1 replicas hold the write' } });
    replica.signal('SIGCONT');
    expect(store.isUp).toBe(true);
    await eventually(async () => {
      const text = await store.get('durable');
      expect(await durably(store, 'durable', text ?? '', 'c')).toBe(true);
    });
    expect(await replica.command('GET test:durable')).toBe('c');
  });

  it('does not take a durable write that failed for one that came too late', async () => {
    await list(store, 'odd', 'member', 1);
    await expect(durably(store, 'odd', 'a', 'b')).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('opens its connection anew when the server says that it is no master', async () => {
    const demoted = open(replica.url);
    await eventually(() => expect(demoted.isUp).toBe(true));
    // The one that lists them is no connection of the store's.
    const connections = async () => {
      const list = (await replica.command('CLIENT LIST TYPE normal')).split('\n');
      return list.filter((line) => !line.includes('cmd=client')).map((line) => line.split(' ')[0]);
    };
    // It is opened anew at once, and from time to time as long as the server is none.
    const before = await eventually(async () => {
      const open = await connections();
      expect(open).toHaveLength(2);
      return open;
    });
    await expect(demoted.increment('counter', 1, 60_000)).rejects.toBeInstanceOf(StoreUnavailable);
    await eventually(async () => {
      const left = (await connections()).filter((id) => before.includes(id));
      expect(left.length).toBeLessThan(before.length);
    });
    await demoted.close();
  });
});

describe('RedisStore over a cluster', () => {
  let nodes: RedisServer[];
  let store: RedisStore;
  storeBehaviour(
    async () => {
      nodes = await startCluster();
      store = open(clusterUrl(nodes));
      return { store, advance: (ms) => delay(ms) };
    },
    async () => {
      await store.close();
      await Promise.all(nodes.map((node) => node.stop()));
    },
  );

  inventoryBehaviour(() => ({
    url: clusterUrl(nodes),
    store,
    prefix: '{test:}',
    command: (...words) => (nodes[0] as RedisServer).commandOf('-c', ...words),
  }));

  it('refuses a durable write where there are no replicas', async () => {
    const durable = open(clusterUrl(nodes), 1);
    await eventually(() => expect(durable.isUp).toBe(true));
    await durable.set('durable', 'a', 60_000);
    await expect(durably(durable, 'durable', 'a', 'b')).rejects.toMatchObject({
      cause: { message: '0 of 1 replicas hold the write' },
    });
    await durable.close();
  });
});
