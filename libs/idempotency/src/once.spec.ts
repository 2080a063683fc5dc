import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, StoreUnavailable, WriteBehind } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown, RequestRunning } from './idempotency.problems.js';
import { Once, type Mark, type Work } from './once.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId, type Submission } from './submission.js';
import { TurnsInTest } from './turns-in-test.js';

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
class Refused extends Error {}

describe('Once', () => {
  let now: number;
  let sent: number;
  let undone: number;
  let store: MemoryStore;
  let keys: SecretKeys;
  let claims: ClaimRegistry;
  let turns: TurnsInTest;
  let once: Once;
  const clock = new StoreClock(() => now);

  beforeEach(() => {
    [now, sent, undone] = [0, 0, 0];
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    keys = new SecretKeys(store, SECRET);
    claims = claimsWith();
    turns = new TurnsInTest(new PrinterTurns(store, clock, { leaseMs: times.leaseMs }));
    once = new Once(claims, turns, proofs);
  });

  const proofs = {
    provesNothingDone: (error: unknown) => error instanceof NotSent,
    mayBeSentAgain: (error: unknown) => error instanceof Refused,
  };
  const claimsWith = (changes: Partial<typeof times> = {}, unwritten = new WriteBehind()) =>
    new ClaimRegistry(store, unwritten, keys, clock, { ...times, ...changes });

  const work = (
    result: StoredResponse | Error,
    prepare: () => Promise<void> = () => Promise.resolve(),
  ): Work => ({
    prepare,
    send: async (mark: Mark) => {
      await mark();
      sent += 1;
      if (result instanceof Error) throw result;
      return { response: result };
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
    claims = claimsWith({ leaseMs: 3 });
    once = new Once(claims, turns, proofs);
    const isRenewed = async () => {
      while (renewals < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    expect(await once.run(submission, work(ok, isRenewed))).toEqual({ response: ok, isReplay: false });
    const before = renewals;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(renewals).toBe(before);
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
      const slow = await claimed();
      now = 10_000;
      await run();
      await expect(claims.mark(slow)).rejects.toBeInstanceOf(RequestRunning);
    });

    it('after the mark: it is running first, and unknown then, and never sent again', async () => {
      await claims.mark(await claimed());
      await expect(run()).rejects.toBeInstanceOf(RequestRunning);
      expect(await claims.listUnknown()).toEqual([]);
      now = 60_000;
      await expect(run()).rejects.toBeInstanceOf(OutcomeStillUnknown);
      expect(await claims.listUnknown()).toMatchObject([{ id }]);
      expect(sent).toBe(0);
    });
  });

  it('keeps a key of unknown outcome listed when an older claim of that key is concluded late', async () => {
    const older = await claimed();
    now = times.leaseMs;
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await claims.release(older);
    expect(await claims.listUnknown()).toMatchObject([{ id }]);
  });

  it('keeps a key of unknown outcome listed when the reply to that is lost', async () => {
    const unwritten = new WriteBehind();
    const commit = store.commit.bind(store);
    let isLost = false;
    store.commit = async (change) => {
      const outcome = await commit(change);
      if (isLost || !JSON.stringify(change.writes).includes('unknown')) return outcome;
      isLost = true;
      throw new StoreUnavailable();
    };
    once = new Once(claimsWith({}, unwritten), turns, proofs);
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await unwritten.close();
    expect(isLost).toBe(true);
    expect(await claims.listUnknown()).toMatchObject([{ id }]);
  });

  it('leaves nothing behind when the reply to the mark is lost', async () => {
    const commit = store.commit.bind(store);
    store.commit = async (change) => {
      const outcome = await commit(change);
      if (change.isDurable) throw new StoreUnavailable();
      return outcome;
    };
    await expect(run()).rejects.toBeInstanceOf(StoreUnavailable);
    expect([sent, undone]).toEqual([0, 1]);
    expect(await store.readIndex('submissions:open', Infinity, 10)).toEqual([]);
    store.commit = commit;
    expect(await run()).toEqual({ response: ok, isReplay: false });
  });

  const claimed = async () => {
    const claim = await claims.claim(submission);
    if (typeof claim !== 'object' || !('state' in claim)) throw new Error('no claim');
    return { id, submission, isKeyed: true, claim, turn: undefined };
  };

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
      expect(await claims.settle(await find(), ok)).toBe('written');
      expect(await run()).toEqual({ response: ok, isReplay: true });
      expect(await claims.listUnknown()).toEqual([]);
    });

    it('is settled as not done: the key may run once more', async () => {
      expect(await claims.settle(await find(), undefined)).toBe('written');
      expect(await run()).toEqual({ response: ok, isReplay: false });
      expect(sent).toBe(2);
    });

    it('is settled once', async () => {
      const found = await find();
      const settled = await Promise.all([claims.settle(found, ok), claims.settle(found, undefined)]);
      expect(settled.filter((each) => each === 'written')).toHaveLength(1);
    });
  });
});
