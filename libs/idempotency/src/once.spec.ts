import { MemoryStore } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown, RequestRunning } from './idempotency.problems.js';
import { Once } from './once.js';
import { submissionId, type Submission } from './submission.js';

const HOUR_MS = 3_600_000;
const times = { leaseMs: 10_000, sentMs: 60_000, completedMs: 24 * HOUR_MS, unknownMs: 720 * HOUR_MS };
const ok: StoredResponse = { status: 200, body: '{"printStatus":{"id":"1"}}' };
const submission: Submission = {
  key: IdempotencyKey.parse('key') as IdempotencyKey,
  submitter: { issuer: 'i', subject: 's', tenant: undefined },
  operation: 'print',
  target: 'printer',
  body: '{}',
  copies: 1,
};
const id = submissionId(submission);

class NotSent extends Error {}

describe('Once', () => {
  let now: number;
  let sent: number;
  let store: MemoryStore;
  let claims: ClaimRegistry;
  let once: Once;

  beforeEach(() => {
    [now, sent] = [0, 0];
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    claims = new ClaimRegistry(store, times, () => now);
    once = new Once(claims, (error) => error instanceof NotSent);
  });

  const send = (result: StoredResponse | Error) => () => {
    sent += 1;
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const run = (result: StoredResponse | Error = ok, changes: Partial<Submission> = {}) =>
    once.run({ ...submission, ...changes }, send(result));

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
    expect(await run()).toEqual({ response: ok, isReplay: false });
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
      once = new Once(new ClaimRegistry(store, times, slowClock), () => false);
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
