import { StoreUnavailable, DeferredWrites } from '#libs/store';
import type { LimitCharge } from './limit-charge.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { KeyExpired } from './idempotency.problems.js';
import { id, ok, ExecutorInTest, submission, times } from './executor-in-test.js';
import type { MarkDispatched } from './idempotent-action.js';

/** A charge that notes what came of it. */
function taking(count: string, limit: number) {
  const answers: string[] = [];
  const onResult: LimitCharge['onResult'] = (answer) => {
    const isRefused = answer !== 'lost' && answer.room?.suffices === false;
    const told = answer === 'lost' ? 'lost' : answer.isTaken ? 'taken' : 'not taken';
    answers.push(isRefused ? 'refused' : told);
    return isRefused ? new Error(`no room in ${count}`) : undefined;
  };
  return { take: { count, limit, ttlMs: 1_000 }, onResult, answers };
}

describe('what is not sent', () => {
  let at: ExecutorInTest;
  let deferredWrites: DeferredWrites;
  beforeEach(() => {
    at = new ExecutorInTest();
    deferredWrites = new DeferredWrites();
  });

  const ownerWrite = {
    condition: { key: 'job', is: undefined },
    writes: [{ set: 'job', value: 'mine', ttlMs: 1_000 }],
    isSatisfiedBy: () => true,
  };
  const action = () => ({
    ...at.action(),
    execute: async (markDispatched: MarkDispatched) => {
      await markDispatched();
      at.sent += 1;
      return { response: ok, ownerWrite };
    },
  });
  /** A gateway that may send what has no key without a record. */
  const unclaimed = () => {
    at.restart({ mayExecuteWithoutStore: true, deferredWrites });
    return at.executor;
  };
  const isAway = (away: boolean) =>
    Object.defineProperty(at.store, 'isUp', { value: !away, configurable: true });

  it('is a key that says itself that its answer may be forgotten, also while the answer is there', async () => {
    expect(await at.executor.execute(submission, action())).toMatchObject({ isReplay: false });
    at.restart({ rules: { isExpired: (key) => key === submission.key } });
    await expect(at.executor.execute(submission, action())).rejects.toBeInstanceOf(KeyExpired);
    const another = { ...submission, key: 'another' as IdempotencyKey };
    expect(await at.executor.execute(another, action())).toEqual({ response: ok, isReplay: false });
  });

  it('is what a limit refuses: its key stays free, and nothing is taken', async () => {
    const cards = taking('cards', 1);
    const [few, none] = [taking('few', 2), taking('none', 0)];
    const refused = { ...action(), reserve: () => [few, none, cards] };
    await expect(at.executor.execute(submission, refused)).rejects.toThrow('no room in none');
    await expect(at.executor.executeWithoutKey(submission, refused)).rejects.toThrow('no room in none');
    expect([at.sent, await at.compensated(), none.answers]).toEqual([0, 0, ['refused', 'refused']]);
    expect([few.answers, cards.answers]).toEqual([few, cards].map(() => ['not taken', 'not taken']));
    const allowed = { ...action(), reserve: () => [few, cards] };
    expect(await at.executor.execute(submission, allowed)).toEqual({ response: ok, isReplay: false });
    expect(await at.executor.execute(submission, allowed)).toEqual({ response: ok, isReplay: true });
    expect(few.answers.slice(2)).toEqual(['taken', 'not taken']);
  });

  it('is what was claimed and taken without an answer, and that is told', async () => {
    const commit = at.store.commit.bind(at.store);
    at.store.commit = async (change) => {
      await commit(change);
      at.store.commit = commit;
      throw new StoreUnavailable();
    };
    const cards = taking('cards', 1);
    const losing = { ...action(), reserve: () => [cards] };
    await expect(at.executor.execute(submission, losing)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([at.sent, cards.answers]).toEqual([0, ['lost']]);
    expect(await at.executor.execute(submission, action())).toEqual({ response: ok, isReplay: false });
  });

  it('is a print without a key whose record, turn or mark cannot be written, and what was taken is given back', async () => {
    const [commit, takeTurn] = [at.store.commit.bind(at.store), at.store.takeTurn.bind(at.store)];
    at.store.takeTurn = () => Promise.reject(new StoreUnavailable());
    await expect(at.executor.executeWithoutKey(submission, action())).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    at.store.takeTurn = takeTurn;
    at.store.commit = (change) =>
      change.isDurable ? Promise.reject(new StoreUnavailable()) : commit(change);
    await expect(at.executor.executeWithoutKey(submission, action())).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    at.store.commit = () => Promise.reject(new StoreUnavailable());
    await expect(at.executor.executeWithoutKey(submission, action())).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    expect([at.sent, await at.compensated()]).toEqual([0, 2]);
    expect(await at.store.get(`{${id}}:claim`)).toBeUndefined();
  });

  it('does not include a print without a key where the settings say so: it is sent, and its job noted later', async () => {
    const commit = at.store.commit.bind(at.store);
    at.store.commit = () => Promise.reject(new StoreUnavailable());
    isAway(true);
    await expect(at.executor.executeWithoutKey(submission, action())).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    expect(await unclaimed().executeWithoutKey(submission, action())).toEqual({
      response: ok,
      isReplay: false,
    });
    await expect(unclaimed().execute(submission, action())).rejects.toBeInstanceOf(StoreUnavailable);
    at.store.commit = commit;
    isAway(false);
    await deferredWrites.close();
    expect(at.sent).toBe(1);
    expect(await at.store.get('job')).toBe('mine');
  });

  it('is what something was taken for that does not stand any more, with a key or without', async () => {
    const taken: string[] = [];
    const reserve = (token: string) => [taken.push(token)].map(() => taking('sum', 9));
    const confirm = (token: string) => ({ keep: 'reserved', member: token });
    const overdue = { ...action(), reserve, confirm };
    await expect(at.executor.execute(submission, overdue)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(at.executor.executeWithoutKey(submission, overdue)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([at.sent, await at.compensated(), new Set(taken).size]).toEqual([0, 2, 2]);
    expect((await at.inFlight.listInFlight()).submissions).toEqual([]);
    expect(await at.executor.execute(submission, action())).toEqual({ response: ok, isReplay: false });
  });

  it('keeps what was taken only together with the mark', async () => {
    const reservation = { member: 'this', amount: 1, heldMs: 60_000 };
    const take = { reserve: 'reserved', reservation, limit: 9, ttlMs: 600_000 };
    await at.store.commit({ conditions: [], takes: [take], writes: [] });
    const confirm = () => ({ keep: 'reserved', member: 'this' });
    const late = {
      ...action(),
      confirm,
      execute: async (markDispatched: MarkDispatched) => (
        (at.now += times.leaseMs),
        await markDispatched(),
        { response: ok }
      ),
    };
    await expect(at.executor.execute(submission, late)).rejects.toThrow();
    at.now += reservation.heldMs;
    expect(await at.store.readReserved('reserved')).toBe(0);
  });
});
