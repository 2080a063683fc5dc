import { CacheConfig, CacheEntry, type CachedResponse } from '#libs/cache';
import { PrintStatusId } from '#libs/contract';
import { keyOfJob } from '#libs/jobs';
import { PurposeKey, type SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreUnavailable } from '#libs/store';
import { StatusHistory } from './status.history.js';

const id = PrintStatusId.parse('2f6cb1a0-6091-416f-8559-2f2181e941c3') as PrintStatusId;
const otherId = PrintStatusId.parse('3f6cb1a0-6091-416f-8559-2f2181e941c3') as PrintStatusId;
const lifetime = { freshMs: 1_000, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
const SECRET_ANSWER = '9000A0B1C2D3';

describe('StatusHistory', () => {
  let now: number;
  let store: MemoryStore;
  let history: StatusHistory;
  let key: PurposeKey | undefined;
  beforeEach(() => {
    now = 1_000;
    key = new PurposeKey('', Buffer.alloc(32, 1));
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    history = open();
  });

  const open = (processEntries = 100) =>
    new StatusHistory(
      store,
      { keyIfLoaded: () => key } as unknown as SecretKeys,
      Object.assign(new CacheConfig(), { processEntries }),
    );
  const seen = (status: string, members: object = {}, atMs = (now += 1_000)): CachedResponse => ({
    entry: new CacheEntry(JSON.stringify({ status, ...members }), atMs, lifetime) as CachedResponse['entry'],
    outcome: 'miss',
  });
  const withCardData = (status: string) => seen(status, { smartcard: { apduResponse: SECRET_ANSWER } });
  const statuses = (events: readonly { readonly status: string | undefined }[]) =>
    events.map(({ status }) => status);
  /** From now on Redis gives no answer. */
  const goAway = () => {
    const fail = () => Promise.reject(new StoreUnavailable());
    Object.assign(store.expendable, { get: fail, setIfAbsent: fail, compareAndSet: fail });
  };

  it('has each state once, in the order in which they were seen', async () => {
    await history.observe(id, seen('QUEUED'));
    await history.observe(id, seen('QUEUED'));
    expect(statuses(await history.observe(id, seen('IN_PROGRESS')))).toEqual(['QUEUED', 'IN_PROGRESS']);
    expect(statuses(await history.read(id))).toEqual(['QUEUED', 'IN_PROGRESS']);
    expect(await history.read(otherId)).toEqual([]);
  });

  it('takes two answers that differ in anything for two states', async () => {
    await history.observe(id, seen('IN_PROGRESS', { data: { copiesRemaining: 2 } }));
    const events = await history.observe(id, seen('IN_PROGRESS', { data: { copiesRemaining: 1 } }));
    expect(statuses(events)).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    expect(events[0]?.id).not.toBe(events[1]?.id);
  });

  it('leaves out what was asked for before the last state: a slow answer turns nothing back', async () => {
    const slow = seen('QUEUED');
    await history.observe(id, seen('COMPLETED'));
    expect(statuses(await history.observe(id, slow))).toEqual(['COMPLETED']);
  });

  it('is the same for all gateways, whoever saw a state, also at the same moment', async () => {
    const other = open();
    await history.observe(id, seen('QUEUED'));
    const [one, two] = [seen('IN_PROGRESS'), seen('COMPLETED')];
    await Promise.all([history.observe(id, one), other.observe(id, two)]);
    const events = await history.read(id);
    expect(statuses(events).at(-1)).toBe('COMPLETED');
    expect(await other.read(id)).toEqual(events);
  });

  it('tries again when another was faster, and gives up in the end with what it knows itself', async () => {
    await history.observe(id, seen('QUEUED'));
    const compareAndSet = store.expendable.compareAndSet.bind(store.expendable);
    let lost = 0;
    const losing = (times: number) => {
      lost = 0;
      store.expendable.compareAndSet = (...of) =>
        (lost += 1) <= times ? Promise.resolve(false) : compareAndSet(...of);
    };
    losing(2);
    expect(statuses(await history.observe(id, seen('IN_PROGRESS')))).toEqual(['QUEUED', 'IN_PROGRESS']);
    expect(lost).toBe(3);
    losing(Infinity);
    expect(statuses(await history.observe(id, seen('COMPLETED')))).toEqual([
      'QUEUED',
      'IN_PROGRESS',
      'COMPLETED',
    ]);
    expect(lost).toBe(5);
  });

  it('goes on from what this gateway knows while the shared state is away', async () => {
    await history.observe(id, seen('QUEUED'));
    goAway();
    expect(statuses(await history.read(id))).toEqual(['QUEUED']);
    expect(statuses(await history.observe(id, seen('IN_PROGRESS')))).toEqual(['QUEUED', 'IN_PROGRESS']);
    expect(statuses(await history.read(id))).toEqual(['QUEUED', 'IN_PROGRESS']);
    expect(await open().read(id)).toEqual([]);
  });

  it('lets a fault that is none of the shared state through', async () => {
    Object.assign(store.expendable, { get: () => Promise.reject(new TypeError('a bug')) });
    await expect(history.observe(id, seen('QUEUED'))).rejects.toThrow('a bug');
  });

  it('shows card data to who saw it, and keeps it neither here nor in the shared state', async () => {
    const events = await history.observe(id, withCardData('WAITING_SMARTCARD'));
    expect(events[0]?.text).toContain(SECRET_ANSWER);
    expect(await store.expendable.get(keyOfJob(id, 'history'))).not.toContain(SECRET_ANSWER);
    for (const gateway of [history, open()]) {
      const known = await gateway.read(id);
      expect([statuses(known), known[0]?.text]).toEqual([['WAITING_SMARTCARD'], undefined]);
    }
    goAway();
    expect((await history.read(id))[0]?.text).toBeUndefined();
  });

  it('names a state with card data by what nobody can guess back without the secret', () => {
    const { entry } = withCardData('WAITING_SMARTCARD');
    const digest = entry.etag.replaceAll('"', '');
    const name = history.idOf(entry);
    expect(name).not.toContain(digest);
    expect(open().idOf(entry)).toBe(name);
    key = new PurposeKey('', Buffer.alloc(32, 2));
    expect(history.idOf(entry)).not.toBe(name);
    // Until the installation's secret is known: by one of this process.
    key = undefined;
    expect(history.idOf(entry)).not.toContain(digest);
    expect(open().idOf(entry)).not.toBe(history.idOf(entry));
  });

  it('names a state without card data by its entity tag', () => {
    const { entry } = seen('QUEUED');
    expect(entry.etag).toBe(`"${history.idOf(entry)}"`);
  });

  it('has the last fifty states of a job, for an hour after the last of them', async () => {
    for (let copies = 60; copies > 0; copies -= 1)
      await history.observe(id, seen('IN_PROGRESS', { data: { copiesRemaining: copies } }));
    const events = await open().read(id);
    expect(events).toHaveLength(50);
    expect(events.at(-1)?.text).toContain('"copiesRemaining":1}');
    now += 3_599_000;
    expect(await open().read(id)).toHaveLength(50);
    now += 1_000;
    expect(await open().read(id)).toEqual([]);
  });

  it('remembers so many jobs by itself as the cache has entries', async () => {
    history = open(1);
    await history.observe(id, seen('QUEUED'));
    await history.observe(otherId, seen('QUEUED'));
    goAway();
    expect([await history.read(id), statuses(await history.read(otherId))]).toEqual([[], ['QUEUED']]);
  });
});
