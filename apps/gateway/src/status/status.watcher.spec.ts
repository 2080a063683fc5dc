import { jest } from '@jest/globals';
import { CacheConfig, CacheEntry, type CachedResponse } from '#libs/cache';
import { PrintStatusId } from '#libs/contract';
import type { Caller } from '#libs/policy';
import { PurposeKey, type SecretKeys } from '#libs/secrets';
import { MemoryStore } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import type { StatusPollConfig } from './status-poll.config.js';
import { KnownStatuses } from './known-statuses.js';
import type { PollPayers } from './poll-payers.js';
import { StatusHistory } from './status.history.js';
import { StatusMessages } from './status.messages.js';
import { StatusPoller } from './status.poller.js';
import type { StatusReader } from './status.reader.js';
import { StatusWatcher } from './status.watcher.js';

const id = PrintStatusId.parse('2f6cb1a0-6091-416f-8559-2f2181e941c3') as PrintStatusId;
const cacheConfig = Object.assign(new CacheConfig(), { processEntries: 100 });
const INTERVAL_MS = 10_000;
/** How long the upstream takes: what it answers is the state from when it was asked. */
const READ_MS = 1_000;

describe('StatusWatcher', () => {
  let watcher: StatusWatcher;
  let stop: () => void;
  let store: MemoryStore;
  let upstream: string;
  let reads: number;
  let readyInMs: number;
  let seen: (string | undefined)[];
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    [upstream, reads, seen, readyInMs] = ['QUEUED', 0, [], 0];
    store = new MemoryStore({ maxEntries: 100, now: () => Date.now() });
    const read = async (): Promise<CachedResponse> => {
      reads += 1;
      const text = JSON.stringify({ status: upstream });
      const isAway = upstream === 'AWAY';
      await new Promise((resolve) => setTimeout(resolve, READ_MS));
      if (isAway) throw new Error('the upstream is away');
      const lifetime = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
      return {
        entry: new CacheEntry(text, Date.now(), lifetime) as CachedResponse['entry'],
        outcome: 'miss',
      };
    };
    const reader = { read, invalidate: () => Promise.resolve() } as unknown as StatusReader;
    const payers = {
      readyInMs: () => readyInMs,
      charge: (callers: Iterable<Caller>, call: (payer: Caller) => unknown) =>
        readyInMs > 0 ? Promise.resolve(undefined) : call([...callers][0] as Caller),
    } as unknown as PollPayers;
    const keys = { keyIfLoaded: () => new PurposeKey('', Buffer.alloc(32)) } as unknown as SecretKeys;
    const history = new StatusHistory(store, keys, cacheConfig);
    const times = { watchIntervalMs: INTERVAL_MS, watchSlowestMs: 60_000 } as StatusPollConfig;
    const messages = new StatusMessages(store);
    const poller = new StatusPoller(store, reader, payers, history, messages);
    watcher = new StatusWatcher(
      reader,
      new KnownStatuses(cacheConfig),
      history,
      poller,
      messages,
      times,
      new Metrics(),
    );
    stop = watcher.watch(id, {} as Caller, (events) => seen.push(events.at(-1)?.status));
  });
  afterEach(() => {
    watcher.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  it('looks at once when a job was changed', async () => {
    await pass(INTERVAL_MS + 2 * READ_MS);
    expect(seen.at(-1)).toBe('QUEUED');
    upstream = 'CANCELLED';
    await watcher.changed(id);
    await pass(2 * READ_MS);
    expect([reads, seen.at(-1)]).toEqual([2, 'CANCELLED']);
  });

  it('looks once more right after the look that was under way when a job was changed', async () => {
    await pass(INTERVAL_MS + READ_MS / 2);
    expect([reads, seen]).toEqual([1, []]);
    upstream = 'CANCELLED';
    await watcher.changed(id);
    await watcher.changed(id);
    await pass(READ_MS / 2 + 2 * READ_MS);
    expect([reads, seen.at(-1)]).toEqual([2, 'CANCELLED']);
    await pass(INTERVAL_MS - 2 * READ_MS);
    expect(reads).toBe(2);
  });

  it('looks no more when nobody watches any longer, whatever was asked for meanwhile', async () => {
    await pass(INTERVAL_MS + READ_MS / 2);
    await watcher.changed(id);
    stop();
    await pass(10 * INTERVAL_MS);
    expect([reads, seen]).toEqual([1, []]);
  });

  it('asks nothing more for the last of those who watch when they leave as they are told', async () => {
    stop();
    const leave = watcher.watch(id, {} as Caller, () => leave());
    const lease = jest.spyOn(store.expendable, 'setIfAbsent');
    await pass(INTERVAL_MS + READ_MS);
    const asked = lease.mock.calls.length;
    expect(asked).toBeGreaterThan(0);
    await pass(10 * INTERVAL_MS);
    expect(lease.mock.calls.length).toBe(asked);
  });

  it('tells other gateways which job has a new state, and nothing of it', async () => {
    const told: string[] = [];
    store.subscribe('statuses', (message) => told.push(message));
    await pass(INTERVAL_MS + READ_MS);
    expect(told).toEqual([`seen ${id}`]);
  });

  it('looks often at a job that moves, and less and less often at one that stays in its queue', async () => {
    const readsIn = async (ms: number) => {
      const before = reads;
      await pass(ms);
      return reads - before;
    };
    const minute = 6 * INTERVAL_MS;
    await pass(INTERVAL_MS + READ_MS);
    expect(await readsIn(minute)).toBeGreaterThanOrEqual(4);
    await pass(10 * minute);
    expect(await readsIn(minute)).toBe(1);
    upstream = 'IN_PROGRESS';
    await pass(minute + READ_MS);
    expect(seen.at(-1)).toBe('IN_PROGRESS');
    expect(await readsIn(minute)).toBeGreaterThanOrEqual(5);
  });

  it('goes on after a look that failed, and tells nothing of it', async () => {
    upstream = 'AWAY';
    await pass(3 * (INTERVAL_MS + READ_MS));
    expect([reads, seen]).toEqual([3, []]);
    upstream = 'QUEUED';
    await pass(INTERVAL_MS + READ_MS);
    expect(new Set(seen)).toEqual(new Set(['QUEUED']));
  });

  it('asks nothing while none of those who watch may cause a call', async () => {
    await pass(INTERVAL_MS + READ_MS);
    readyInMs = 3 * INTERVAL_MS;
    await pass(2 * INTERVAL_MS);
    const before = reads;
    await pass(5 * INTERVAL_MS);
    expect(reads).toBe(before);
    readyInMs = 0;
    await pass(4 * INTERVAL_MS);
    expect(reads).toBeGreaterThan(before);
  });

  it('tells all who watch the same job of one look', async () => {
    const others: (string | undefined)[] = [];
    watcher.watch(id, {} as Caller, (events) => others.push(events.at(-1)?.status));
    await pass(INTERVAL_MS + READ_MS);
    expect([reads, seen.at(-1), others.at(-1)]).toEqual([1, 'QUEUED', 'QUEUED']);
  });

  it('looks no more, whatever is changed, once the gateway stops', async () => {
    watcher.beforeApplicationShutdown();
    await watcher.changed(id);
    await pass(10 * INTERVAL_MS);
    expect([reads, seen]).toEqual([0, []]);
  });
});
