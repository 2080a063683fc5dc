import { StoreUnavailable, DeferredWrites } from '#libs/store';
import type { Demand } from './demand.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { KeyExpired } from './idempotency.problems.js';
import { id, ok, OnceInTest, submission, times } from './once-in-test.js';
import type { Mark } from './once.js';

/** A demand that notes what it was told. */
function taking(count: string, limit: number) {
  const answers: string[] = [];
  const answered: Demand['answered'] = (answer) => {
    const isRefused = answer !== 'lost' && answer.room?.suffices === false;
    const told = answer === 'lost' ? 'lost' : answer.isTaken ? 'taken' : 'not taken';
    answers.push(isRefused ? 'refused' : told);
    return isRefused ? new Error(`no room in ${count}`) : undefined;
  };
  return { take: { count, limit, ttlMs: 1_000 }, answered, answers };
}

describe('what is not sent', () => {
  let at: OnceInTest;
  let unwritten: DeferredWrites;
  beforeEach(() => {
    at = new OnceInTest();
    unwritten = new DeferredWrites();
  });

  const note = {
    condition: { key: 'job', is: undefined },
    writes: [{ set: 'job', value: 'mine', ttlMs: 1_000 }],
    saysSo: () => true,
  };
  const work = () => ({
    ...at.work(),
    send: async (mark: Mark) => {
      await mark();
      at.sent += 1;
      return { response: ok, note };
    },
  });
  /** A gateway that may send what has no key without a claim. */
  const unclaimed = () => {
    at.restart({ maySendUnclaimed: true, unwritten });
    return at.once;
  };
  const isAway = (away: boolean) =>
    Object.defineProperty(at.store, 'isUp', { value: !away, configurable: true });

  it('is a key that says itself that its answer may be forgotten, also while the answer is there', async () => {
    expect(await at.once.run(submission, work())).toMatchObject({ isReplay: false });
    at.restart({ proofs: { isExpired: (key) => key === submission.key } });
    await expect(at.once.run(submission, work())).rejects.toBeInstanceOf(KeyExpired);
    const another = { ...submission, key: 'another' as IdempotencyKey };
    expect(await at.once.run(another, work())).toEqual({ response: ok, isReplay: false });
  });

  it('is what a demand is refused with: its key stays free, and nothing is taken', async () => {
    const cards = taking('cards', 1);
    const [few, none] = [taking('few', 2), taking('none', 0)];
    const refused = { ...work(), demands: () => [few, none, cards] };
    await expect(at.once.run(submission, refused)).rejects.toThrow('no room in none');
    await expect(at.once.runWithoutKey(submission, refused)).rejects.toThrow('no room in none');
    expect([at.sent, at.undone, none.answers]).toEqual([0, 0, ['refused', 'refused']]);
    expect([few.answers, cards.answers]).toEqual([few, cards].map(() => ['not taken', 'not taken']));
    const allowed = { ...work(), demands: () => [few, cards] };
    expect(await at.once.run(submission, allowed)).toEqual({ response: ok, isReplay: false });
    expect(await at.once.run(submission, allowed)).toEqual({ response: ok, isReplay: true });
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
    const losing = { ...work(), demands: () => [cards] };
    await expect(at.once.run(submission, losing)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([at.sent, cards.answers]).toEqual([0, ['lost']]);
    expect(await at.once.run(submission, work())).toEqual({ response: ok, isReplay: false });
  });

  it('is a print without a key whose claim, turn or mark cannot be written, and what was taken is given back', async () => {
    const [commit, takeTurn] = [at.store.commit.bind(at.store), at.store.takeTurn.bind(at.store)];
    at.store.takeTurn = () => Promise.reject(new StoreUnavailable());
    await expect(at.once.runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    at.store.takeTurn = takeTurn;
    at.store.commit = (change) =>
      change.isDurable ? Promise.reject(new StoreUnavailable()) : commit(change);
    await expect(at.once.runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    at.store.commit = () => Promise.reject(new StoreUnavailable());
    await expect(at.once.runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    expect([at.sent, at.undone]).toEqual([0, 2]);
    expect(await at.store.get(`{${id}}:claim`)).toBeUndefined();
  });

  it('does not include a print without a key where the settings say so: it is sent, and its job noted later', async () => {
    const commit = at.store.commit.bind(at.store);
    at.store.commit = () => Promise.reject(new StoreUnavailable());
    isAway(true);
    await expect(at.once.runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await unclaimed().runWithoutKey(submission, work())).toEqual({ response: ok, isReplay: false });
    await expect(unclaimed().run(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    at.store.commit = commit;
    isAway(false);
    await unwritten.close();
    expect(at.sent).toBe(1);
    expect(await at.store.get('job')).toBe('mine');
  });

  it('is what something was taken for that does not stand any more, with a key or without', async () => {
    const taken: string[] = [];
    const demands = (token: string) => [taken.push(token)].map(() => taking('sum', 9));
    const keeping = (token: string) => ({ keep: 'reserved', member: token });
    const overdue = { ...work(), demands, keeping };
    await expect(at.once.run(submission, overdue)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(at.once.runWithoutKey(submission, overdue)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([at.sent, at.undone, new Set(taken).size]).toEqual([0, 2, 2]);
    expect((await at.claims.listOpen()).submissions).toEqual([]);
    expect(await at.once.run(submission, work())).toEqual({ response: ok, isReplay: false });
  });

  it('keeps what was taken only together with the mark', async () => {
    const reservation = { member: 'this', amount: 1, heldMs: 60_000 };
    const take = { reserve: 'reserved', reservation, limit: 9, ttlMs: 600_000 };
    await at.store.commit({ conditions: [], takes: [take], writes: [] });
    const keeping = () => ({ keep: 'reserved', member: 'this' });
    const late = {
      ...work(),
      keeping,
      send: async (mark: Mark) => ((at.now += times.leaseMs), await mark(), { response: ok }),
    };
    await expect(at.once.run(submission, late)).rejects.toThrow();
    at.now += reservation.heldMs;
    expect(await at.store.readReserved('reserved')).toBe(0);
  });
});
