import { setImmediate } from 'node:timers/promises';
import { StoreUnavailable, DeferredWrites } from '#libs/store';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown, RequestInProgress } from './idempotency.problems.js';
import { id, NotSent, ok, ExecutorInTest, submission, times } from './executor-in-test.js';

const HOUR_MS = 3_600_000;

describe('IdempotentExecutor', () => {
  let at: ExecutorInTest;
  beforeEach(() => (at = new ExecutorInTest()));

  it('sends once, and replays the answer for a day', async () => {
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
    at.now = 23 * HOUR_MS;
    expect(await at.execute()).toEqual({ response: ok, isReplay: true });
    expect(at.sent).toBe(1);
    at.now = 24 * HOUR_MS;
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
  });

  it('sends for one of fifty who come at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => at.execute()));
    expect(at.sent).toBe(1);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(49);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(RequestInProgress);
  });

  it('refuses the key for another body, whatever became of the first', async () => {
    await at.execute();
    await expect(at.execute(ok, { body: '{"hopper":1}' })).rejects.toBeInstanceOf(KeyReused);
    expect(at.sent).toBe(1);
  });

  it('frees the key when it is proven that nothing was done', async () => {
    await expect(at.execute(new NotSent())).rejects.toBeInstanceOf(NotSent);
    expect(await at.compensated()).toBe(1);
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
    expect(await at.compensated()).toBe(1);
  });

  it.each([
    [0, 'before it claims the key', 0],
    [1, 'before it marks what it sends', 0],
    [2, 'before it releases the key', 1],
    [3, 'when it has released the key', 1],
  ])(
    'gives back what was reserved together with the key: its gateway dies after %i steps, %s',
    async (steps, _, sent) => {
      const release = (member: string) => [{ lower: 'cards', member, to: 0 }];
      const reserve = (member: string) => {
        const reservation = { member, amount: 3, heldMs: times.leaseMs };
        const take = { reserve: 'cards', reservation, limit: 9, ttlMs: HOUR_MS };
        return [{ take, onResult: () => undefined }];
      };
      const confirm = (member: string) => ({ keep: 'cards', member });
      const action = { ...at.action(new NotSent()), reserve, confirm, compensate: release };
      const commit = at.store.commit.bind(at.store);
      let left = steps;
      at.store.commit = (change) => (left-- > 0 ? commit(change) : new Promise(() => {}));
      void at.executor.execute(submission, action).catch(() => {});
      await setImmediate();
      at.store.commit = commit;
      const { submissions } = await at.inFlight.listInFlight();
      for (const each of submissions)
        await at.inFlight.settleSubmission(each, undefined, { additionalWrites: release(each.token) });
      at.now += times.leaseMs;
      expect([at.sent, await at.store.readReserved('cards')]).toEqual([sent, 0]);
    },
  );

  it('renews its hold on the key however long it takes until it is sent, and no longer', async () => {
    let renewals = 0;
    const compareAndSet = at.store.compareAndSet.bind(at.store);
    at.store.compareAndSet = (key, expected, value, ttlMs) => {
      if (expected === value) [renewals, at.now] = [renewals + 1, at.now + 2];
      return compareAndSet(key, expected, value, ttlMs);
    };
    at.restart({ times: { leaseMs: 3 } });
    const isRenewed = async () => {
      while (renewals < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    expect(await at.executor.execute(submission, at.action(ok, isRenewed))).toEqual({
      response: ok,
      isReplay: false,
    });
    const before = renewals;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(renewals).toBe(before);
  });

  describe('without a key', () => {
    it('sends each time, and leaves nothing behind when the outcome is known', async () => {
      expect(await at.executeWithoutKey()).toEqual({ response: ok, isReplay: false });
      expect(await at.executeWithoutKey()).toEqual({ response: ok, isReplay: false });
      await expect(at.executeWithoutKey(new NotSent())).rejects.toBeInstanceOf(NotSent);
      expect([at.sent, await at.compensated()]).toEqual([3, 1]);
      expect(await at.inFlight.listInFlight()).toEqual({ submissions: [], isComplete: true });
    });

    it('keeps track of what nobody knows the outcome of, and says what went wrong', async () => {
      await expect(at.executeWithoutKey(new Error('reset'))).rejects.toMatchObject({
        detail:
          'The request was sent, and its answer was lost. It had no Idempotency-Key: sent again, it may be done twice.',
        cause: { message: 'reset' },
      });
      expect(await at.inFlight.listUnknown()).toMatchObject([{ id, isKeyed: false, isRunning: false }]);
    });
  });

  it('does not send again what may have been done', async () => {
    await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    at.now = 100 * HOUR_MS;
    await expect(at.execute()).rejects.toBeInstanceOf(OutcomeStillUnknown);
    expect(at.sent).toBe(1);
    expect(await at.inFlight.listUnknown()).toMatchObject([{ id, target: 'printer', copies: 1 }]);
  });

  describe('when the gateway dies', () => {
    it('after the claim: the key is free when the lease is over', async () => {
      await at.claimed();
      await expect(at.execute()).rejects.toBeInstanceOf(RequestInProgress);
      at.now = 10_000;
      expect(await at.execute()).toEqual({ response: ok, isReplay: false });
    });

    it('after the claim, and comes back too late: it sends nothing', async () => {
      const slow = await at.claimed();
      at.now = 10_000;
      await at.execute();
      await expect(at.repository.markDispatched(slow)).rejects.toBeInstanceOf(RequestInProgress);
    });

    it('after the mark: it is running first, and unknown then, and never sent again', async () => {
      await at.repository.markDispatched(await at.claimed());
      await expect(at.execute()).rejects.toBeInstanceOf(RequestInProgress);
      expect(await at.inFlight.listUnknown()).toEqual([]);
      at.now = 60_000;
      await expect(at.execute()).rejects.toBeInstanceOf(OutcomeStillUnknown);
      expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
      expect(at.sent).toBe(0);
    });
  });

  it('keeps a key of unknown outcome listed when an older use of that key is concluded late', async () => {
    const older = await at.claimed();
    at.now = times.leaseMs;
    await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await at.repository.releaseKey(older);
    expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
  });

  it('keeps a key of unknown outcome listed when the reply to that is lost', async () => {
    const deferredWrites = new DeferredWrites();
    const commit = at.store.commit.bind(at.store);
    let isLost = false;
    at.store.commit = async (change) => {
      const outcome = await commit(change);
      if (isLost || !JSON.stringify(change.writes).includes('unknown')) return outcome;
      isLost = true;
      throw new StoreUnavailable();
    };
    at.restart({ deferredWrites: deferredWrites });
    await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await deferredWrites.close();
    expect(isLost).toBe(true);
    expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
  });

  describe('that is settled before its loss is written', () => {
    /** The reply to the first writing of the loss is lost, and it is written again when the settlement stands. */
    const settledMeanwhile = async (run: () => Promise<unknown>, settle: () => Promise<unknown>) => {
      const deferredWrites = new DeferredWrites();
      const commit = at.store.commit.bind(at.store);
      at.store.commit = async (change) => {
        const outcome = await commit(change);
        if (!JSON.stringify(change.writes).includes('unknown')) return outcome;
        at.store.commit = commit;
        throw new StoreUnavailable();
      };
      at.restart({ deferredWrites: deferredWrites });
      await expect(run()).rejects.toBeInstanceOf(OutcomeUnknown);
      await settle();
      await deferredWrites.close();
    };
    const settle = async () => {
      const [found] = await at.inFlight.listUnknown();
      expect(await at.inFlight.settleSubmission(found ?? fail('nothing is unknown'), undefined)).toBe(
        'written',
      );
    };
    const fail = (message: string): never => {
      throw new Error(message);
    };

    it('stays settled, without a key', async () => {
      await settledMeanwhile(() => at.executeWithoutKey(new Error('reset')), settle);
      expect(await at.inFlight.listInFlight()).toMatchObject({ submissions: [] });
      expect(await at.inFlight.hasInFlightAt(submission.target)).toBe(false);
    });

    it('stays settled, with a key: it is free', async () => {
      await settledMeanwhile(() => at.execute(new Error('reset')), settle);
      expect(await at.execute()).toEqual({ response: ok, isReplay: false });
    });

    it('is open when all state is lost meanwhile, also where the key was settled once before', async () => {
      await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
      await settle();
      const earlier = (await at.store.get(`{${id}}:settled`)) ?? '';
      await settledMeanwhile(
        () => at.execute(new Error('reset')),
        async () => {
          await at.store.close();
          await at.store.set(`{${id}}:settled`, earlier, HOUR_MS);
        },
      );
      expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
    });
  });

  it('leaves nothing behind when the reply to the mark is lost', async () => {
    const commit = at.store.commit.bind(at.store);
    at.store.commit = async (change) => {
      const outcome = await commit(change);
      if (change.isDurable) throw new StoreUnavailable();
      return outcome;
    };
    await expect(at.execute()).rejects.toBeInstanceOf(StoreUnavailable);
    expect([at.sent, await at.compensated()]).toEqual([0, 1]);
    expect(await at.store.readIndex('submissions:open', Infinity, 10)).toEqual([]);
    at.store.commit = commit;
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
  });
});
