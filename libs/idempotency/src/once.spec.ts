import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreUnavailable, WriteBehind } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown, RequestRunning } from './idempotency.problems.js';
import { Once, type Work } from './once.js';
import { submissionId, type Submission } from './submission.js';

const HOUR_MS = 3_600_000;
const times = {
  leaseMs: 10_000,
  callMs: 30_000,
  marginMs: 30_000,
  completedMs: 24 * HOUR_MS,
  unknownMs: 720 * HOUR_MS,
};
const ok: StoredResponse = { status: 200, body: '{"printStatus":{"id":"1"}}' };
const submission: Submission = {
  key: IdempotencyKey.parse('key') as IdempotencyKey,
  submitter: { issuer: 'i', subject: 's', tenant: undefined },
  operation: 'print',
  target: 'printer',
  body: '{}',
  copies: 1,
  label: undefined,
  reservedAtMs: undefined,
};
const id = submissionId(submission);

const SECRET = new Secret('a secret of thirty-two bytes or more');

class NotSent extends Error {}

describe('Once', () => {
  let now: number;
  let sent: number;
  let undone: number;
  let store: MemoryStore;
  let keys: SecretKeys;
  let claims: ClaimRegistry;
  let once: Once;

  beforeEach(() => {
    [now, sent, undone] = [0, 0, 0];
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    keys = new SecretKeys(store, SECRET);
    claims = new ClaimRegistry(store, new WriteBehind(), keys, times, () => now);
    once = new Once(claims, (error) => error instanceof NotSent);
  });

  const work = (
    result: StoredResponse | Error,
    prepare: () => Promise<void> = () => Promise.resolve(),
  ): Work => ({
    prepare,
    send: () => {
      sent += 1;
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    },
    undo: () => Promise.resolve(void (undone += 1)),
  });
  const run = (result: StoredResponse | Error = ok, changes: Partial<Submission> = {}) =>
    once.run({ ...submission, ...changes }, work(result));

  it('sends once, and replays the answer for a day', async () => {
    expect(await run()).toEqual({ response: ok, isReplay: false });
    now = 23 * HOUR_MS;
    expect(await run()).toEqual({ response: ok, isReplay: true });
    expect(sent).toBe(1);
    now = 24 * HOUR_MS;
    expect(await run()).toEqual({ response: ok, isReplay: false });
  });

  it('sends for one of fifty who come at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => run()));
    expect(sent).toBe(1);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(49);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(RequestRunning);
  });

  it('refuses the key for another body, whatever became of the first', async () => {
    await run();
    await expect(run(ok, { body: '{"hopper":1}' })).rejects.toBeInstanceOf(KeyReused);
    expect(sent).toBe(1);
  });

  it('frees the key when it is proven that nothing was done', async () => {
    await expect(run(new NotSent())).rejects.toBeInstanceOf(NotSent);
    expect(undone).toBe(1);
    expect(await run()).toEqual({ response: ok, isReplay: false });
    expect(undone).toBe(1);
  });

  it('frees the key when something speaks against sending', async () => {
    const refuse = () => Promise.reject(new NotSent());
    await expect(once.run(submission, work(ok, refuse))).rejects.toBeInstanceOf(NotSent);
    expect([sent, undone]).toEqual([0, 0]);
    expect(await run()).toEqual({ response: ok, isReplay: false });
  });

  it('renews its hold on the key however long it takes to prepare, and no longer', async () => {
    let renewals = 0;
    const compareAndSet = store.compareAndSet.bind(store);
    store.compareAndSet = (key, expected, value, ttlMs) => {
      if (expected === value) [renewals, now] = [renewals + 1, now + 2];
      return compareAndSet(key, expected, value, ttlMs);
    };
    claims = new ClaimRegistry(store, new WriteBehind(), keys, { ...times, leaseMs: 3 }, () => now);
    once = new Once(claims, () => false);
    const isRenewed = async () => {
      while (renewals < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    expect(await once.run(submission, work(ok, isRenewed))).toEqual({ response: ok, isReplay: false });
    const before = renewals;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(renewals).toBe(before);
  });

  it('does not send when it stood still between the mark and the first byte', async () => {
    const dispatch = claims.dispatch.bind(claims);
    claims.dispatch = async (...all) => {
      const mark = await dispatch(...all);
      now += 20_000;
      return mark;
    };
    await expect(run()).rejects.toBeInstanceOf(RequestRunning);
    expect([sent, undone]).toEqual([0, 1]);
    expect(await claims.listOpen()).toMatchObject({ submissions: [] });
  });

  describe('without a key', () => {
    const runWithoutKey = (result: StoredResponse | Error = ok) =>
      once.runWithoutKey(submission, work(result));

    it('sends each time, and leaves nothing behind when the outcome is known', async () => {
      expect(await runWithoutKey()).toEqual({ response: ok, isReplay: false });
      expect(await runWithoutKey()).toEqual({ response: ok, isReplay: false });
      await expect(runWithoutKey(new NotSent())).rejects.toBeInstanceOf(NotSent);
      expect([sent, undone]).toEqual([3, 1]);
      expect(await claims.listOpen()).toEqual({ submissions: [], isComplete: true });
    });

    it('keeps track of what nobody knows the outcome of, and says what went wrong', async () => {
      await expect(runWithoutKey(new Error('reset'))).rejects.toThrow('reset');
      expect(await claims.listUnknown()).toMatchObject([{ id, isKeyed: false, isRunning: false }]);
    });

    it('keeps track of it when the list is looked through just then', async () => {
      const [set, addToIndex] = [store.set.bind(store), store.addToIndex.bind(store)];
      store.set = (...words) => set(...words).finally(() => claims.listOpen());
      store.addToIndex = (...words) => addToIndex(...words).finally(() => claims.listOpen());
      await expect(runWithoutKey(new Error())).rejects.toThrow();
      expect(await claims.listUnknown()).toHaveLength(1);
    });
  });

  it('does not send again what may have been done', async () => {
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    now = 100 * HOUR_MS;
    await expect(run()).rejects.toBeInstanceOf(OutcomeStillUnknown);
    expect(sent).toBe(1);
    expect(await claims.listUnknown()).toMatchObject([{ id, target: 'printer', copies: 1 }]);
  });

  describe('when the gateway dies', () => {
    it('after the claim: the key is free when the lease is over', async () => {
      await claims.claim(submission);
      await expect(run()).rejects.toBeInstanceOf(RequestRunning);
      now = 10_000;
      expect(await run()).toEqual({ response: ok, isReplay: false });
    });

    it('after the claim, and comes back too late: it sends nothing', async () => {
      const slow = await claims.claim(submission);
      now = 10_000;
      await run();
      expect(
        typeof slow === 'object' && 'state' in slow && (await claims.dispatch(slow, submission)),
      ).toBeUndefined();
    });

    it('or only sleeps until its lease is over, and wakes up before it sends: it sends nothing', async () => {
      const slowClock = () => (now += times.leaseMs);
      once = new Once(new ClaimRegistry(store, new WriteBehind(), keys, times, slowClock), () => false);
      await expect(run()).rejects.toBeInstanceOf(RequestRunning);
      expect(sent).toBe(0);
    });

    it('after the dispatch: it is running first, and unknown then, and never sent again', async () => {
      const claim = await claims.claim(submission);
      if (typeof claim !== 'object' || !('state' in claim)) throw new Error('no claim');
      await claims.dispatch(claim, submission);
      await expect(run()).rejects.toBeInstanceOf(RequestRunning);
      expect(await claims.listUnknown()).toEqual([]);
      now = 60_000;
      await expect(run()).rejects.toBeInstanceOf(OutcomeStillUnknown);
      expect(await claims.listUnknown()).toMatchObject([{ id }]);
      expect(sent).toBe(0);
    });
  });

  it('keeps a key of unknown outcome listed when an older claim of that key is concluded late', async () => {
    const older = await claims.claim(submission);
    if (typeof older !== 'object' || !('state' in older)) throw new Error('no claim');
    now = times.leaseMs;
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await claims.release(id, older);
    expect(await claims.listUnknown()).toMatchObject([{ id }]);
  });

  it('keeps a key listed while it is sent anew, though an older claim of it is concluded just then', async () => {
    const older = await claims.claim(submission);
    if (typeof older !== 'object' || !('state' in older)) throw new Error('no claim');
    now = times.leaseMs;
    const compareAndSet = store.compareAndSetDurably.bind(store);
    store.compareAndSetDurably = async (...all) => {
      await claims.release(id, older);
      return compareAndSet(...all);
    };
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await claims.listUnknown()).toMatchObject([{ id }]);
  });

  it('keeps a key of unknown outcome listed when the reply to that mark is lost', async () => {
    const unwritten = new WriteBehind();
    const compareAndSet = store.compareAndSet.bind(store);
    let isLost = false;
    store.compareAndSet = async (key, expected, value, ttlMs) => {
      const isSet = await compareAndSet(key, expected, value, ttlMs);
      if (isLost || !value.includes('"unknown"')) return isSet;
      isLost = true;
      throw new StoreUnavailable();
    };
    claims = new ClaimRegistry(store, unwritten, keys, times, () => now);
    once = new Once(claims, () => false);
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await unwritten.close();
    expect(isLost).toBe(true);
    expect(await claims.listUnknown()).toMatchObject([{ id }]);
  });

  it('forgets the entry of a claim that ended before it was sent', async () => {
    store.compareAndSetDurably = () => Promise.reject(new StoreUnavailable());
    await expect(run()).rejects.toBeInstanceOf(StoreUnavailable);
    now = times.leaseMs;
    expect(await claims.listOpen()).toMatchObject({ submissions: [] });
    expect(await store.readIndex('submissions:open', Infinity, 10)).toEqual([]);
  });

  describe('what stays unknown', () => {
    beforeEach(async () => {
      await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    });
    const find = async () => {
      const [found] = await claims.listUnknown();
      if (!found) throw new Error('nothing is unknown');
      return found;
    };

    it('is settled as done: its answer is replayed', async () => {
      expect(await claims.settle(await find(), ok)).toBe(true);
      expect(await run()).toEqual({ response: ok, isReplay: true });
      expect(await claims.listUnknown()).toEqual([]);
    });

    it('is settled as not done: the key may run once more', async () => {
      expect(await claims.settle(await find(), undefined)).toBe(true);
      expect(await run()).toEqual({ response: ok, isReplay: false });
      expect(sent).toBe(2);
    });

    it('is settled once', async () => {
      const found = await find();
      const settled = await Promise.all([claims.settle(found, ok), claims.settle(found, undefined)]);
      expect(settled.filter(Boolean)).toHaveLength(1);
    });
  });
});
