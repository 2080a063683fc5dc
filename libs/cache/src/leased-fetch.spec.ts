import { ResourceNotFound } from '#libs/problem';
import { MemoryStore, StoreUnavailable } from '#libs/store';
import type { Loaded } from './cache-loader.js';
import { Invalidations } from './invalidations.js';
import { LeasedFetch, NotAdmitted, type FetchOptions } from './leased-fetch.js';
import { ProcessCache } from './process.cache.js';
import { SharedEntries } from './shared-entries.js';

const LONG_MS = 60_000;
const lifetime = { freshMs: LONG_MS, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
const MISS: FetchOptions = { raw: undefined, lease: undefined, outcome: 'miss' };

/** One gateway's way to the upstream, which answers when it is told to. */
function gatewayAt(store: MemoryStore, leaseMs = LONG_MS) {
  const now = () => Date.now();
  const own = new ProcessCache({ maxEntries: 10, maxBytes: 100_000, ttlMs: LONG_MS, now });
  const [shared, invalidations] = [new SharedEntries(store), new Invalidations()];
  const fetching = new LeasedFetch(store, { own, shared, invalidations }, leaseMs, now);
  const loads: { answer: (loaded: Loaded) => void; fail: (error: Error) => void }[] = [];
  const loader = {
    kind: 'some',
    key: 'k',
    absentMs: LONG_MS,
    load: () => new Promise<Loaded>((answer, fail) => loads.push({ answer, fail })),
  };
  const fetch = (options = MISS) => fetching.fetch(loader, options);
  return { own, shared, invalidations, fetching, loader, loads, fetch };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));
const answered = async (response: ReturnType<LeasedFetch['fetch']>) => {
  const { entry, outcome } = await response;
  return [entry.text, outcome];
};

describe('a fetch of what several gateways want at the same time', () => {
  let store: MemoryStore;
  beforeEach(() => (store = new MemoryStore({ maxEntries: 100, now: () => Date.now() })));
  const leaseIsFree = async () => (await store.get('k:lease')) === undefined;

  it('is made by one of them, and what it brings is the others’ too', async () => {
    const [one, other] = [gatewayAt(store), gatewayAt(store)];
    const [first, second] = [one.fetch(), other.fetch()];
    await turns();
    one.loads[0]?.answer({ text: 'brought', lifetime });
    expect(await answered(first)).toEqual(['brought', 'miss']);
    expect(await answered(second)).toEqual(['brought', 'collapsed']);
    expect([one.loads.length, other.loads.length, await leaseIsFree()]).toEqual([1, 0, true]);
  });

  it('is made by another at once when it failed, was refused to who caused it, or brought what is not kept', async () => {
    const endings: ((gateway: ReturnType<typeof gatewayAt>) => void)[] = [
      ({ loads }) => loads[0]?.fail(new Error('down')),
      ({ loads }) => loads[0]?.answer({ text: 'private', lifetime: undefined }),
    ];
    for (const end of endings) {
      const [one, other] = [gatewayAt(store), gatewayAt(store)];
      const first = one.fetch().catch(() => undefined);
      const second = other.fetch();
      await turns();
      end(one);
      await first;
      while (other.loads.length === 0) await turns();
      other.loads[0]?.answer({ text: 'brought', lifetime: undefined });
      expect(await answered(second)).toEqual(['brought', 'miss']);
    }
    const one = gatewayAt(store);
    const refused = Object.assign(one.loader, { admit: () => Promise.reject(new Error('too often')) });
    await expect(one.fetching.fetch(refused, MISS)).rejects.toBeInstanceOf(NotAdmitted);
    expect([one.loads.length, await leaseIsFree()]).toEqual([0, true]);
  });

  it('is made by another when its maker died, once its lease is over', async () => {
    const gateway = gatewayAt(store, 50);
    await store.setIfAbsent('k:lease', 'who died', 30);
    const fetched = gateway.fetch();
    await turns();
    expect(gateway.loads).toHaveLength(0);
    while (gateway.loads.length === 0) await turns();
    gateway.loads[0]?.answer({ text: 'brought', lifetime });
    expect(await answered(fetched)).toEqual(['brought', 'miss']);
  });

  it('is not made where another brought it between the look and the lease', async () => {
    const gateway = gatewayAt(store);
    const lease = gateway.fetching.newLease('k');
    const before = gateway.fetch({ ...MISS, lease });
    gateway.loads[0]?.answer({ text: 'brought', lifetime });
    await before;
    expect(await answered(gateway.fetch())).toEqual(['brought', 'collapsed']);
    expect([gateway.loads.length, await leaseIsFree()]).toEqual([1, true]);
  });

  it('is kept by nobody where it was invalidated meanwhile, and answers who waits for it', async () => {
    const { own, shared, invalidations, loads, fetch } = gatewayAt(store);
    const fetched = fetch();
    await turns();
    invalidations.note('k');
    await shared.invalidate('k');
    loads[0]?.answer({ text: 'old', lifetime });
    expect(await answered(fetched)).toEqual(['old', 'miss']);
    expect([own.any('k'), (await shared.read('k'))?.startsWith('invalidated')]).toEqual([undefined, true]);
  });

  it('takes the older copies away where its answer is not kept, and leaves a mark of an invalidation', async () => {
    const { own, shared, loads, fetch } = gatewayAt(store);
    const kept = fetch();
    await turns();
    loads[0]?.answer({ text: 'kept', lifetime });
    await kept;
    const raw = await shared.read('k');
    const fetched = fetch({ raw, lease: undefined, outcome: 'request' });
    await turns();
    loads[1]?.answer({ text: 'not kept', lifetime: undefined });
    expect(await answered(fetched)).toEqual(['not kept', 'request']);
    expect([own.any('k'), await shared.read('k')]).toEqual([undefined, undefined]);
  });

  it('keeps for all that the upstream does not know it', async () => {
    const [one, other] = [gatewayAt(store), gatewayAt(store)];
    const [first, second] = [one.fetch(), other.fetch()];
    const outcomes = Promise.allSettled([first, second]);
    await turns();
    one.loads[0]?.fail(new ResourceNotFound());
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(ResourceNotFound) as unknown });
    expect(other.loads).toHaveLength(0);
  });

  it('is made by each of them while the shared state fails, and kept by itself', async () => {
    const { own, loads, fetch } = gatewayAt(store);
    const fail = () => Promise.reject(new StoreUnavailable());
    Object.assign(store, { setIfAbsent: fail, get: fail, settleClaim: fail });
    const fetched = fetch();
    while (loads.length === 0) await turns();
    loads[0]?.answer({ text: 'brought', lifetime });
    expect(await answered(fetched)).toEqual(['brought', 'miss']);
    expect(own.fresh('k')?.text).toBe('brought');
  });
});
