import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, StoreUnavailable, WriteBehind } from '#libs/store';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { KeyExpired } from './idempotency.problems.js';
import { Once, type Mark, type Proofs } from './once.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId, type Submission } from './submission.js';
import { TurnsInTest } from './turns-in-test.js';

const times = {
  leaseMs: 10_000,
  callMs: 30_000,
  marginMs: 30_000,
  completedMs: 3_600_000,
  unknownMs: 36_000_000,
};
const ok = { status: 200, body: '{}' };
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

describe('what is not sent', () => {
  let sent: number;
  let undone: number;
  let store: MemoryStore;
  let unwritten: WriteBehind;
  const clock = new StoreClock(() => 0);
  const claimsOf = (maySendUnclaimed: boolean) => {
    const keys = new SecretKeys(store, new Secret('a secret of thirty-two bytes or more'));
    return new ClaimRegistry(store, unwritten, keys, clock, times, maySendUnclaimed);
  };
  const onceWith = (maySendUnclaimed = false, isExpired?: Proofs['isExpired']) =>
    new Once(claimsOf(maySendUnclaimed), new TurnsInTest(new PrinterTurns(store, clock, times)), {
      provesNothingDone: () => false,
      mayBeSentAgain: () => false,
      ...(isExpired && { isExpired }),
    });
  beforeEach(() => {
    [sent, undone] = [0, 0];
    store = new MemoryStore({ maxEntries: 1_000, now: () => 0 });
    unwritten = new WriteBehind();
  });

  const work = (fault?: Error) => ({
    prepare: () => undefined,
    send: async (mark: Mark) => {
      await mark();
      sent += 1;
      if (fault) throw fault;
      return { response: ok, note };
    },
    undo: () => Promise.resolve(void (undone += 1)),
  });
  const note = {
    condition: { key: 'job', is: undefined },
    writes: [{ set: 'job', value: 'mine', ttlMs: 1_000 }],
    saysSo: () => true,
  };
  const isAway = (away: boolean) =>
    Object.defineProperty(store, 'isUp', { value: !away, configurable: true });

  it('is a key that says itself that its answer may be forgotten, also while the answer is there', async () => {
    expect(await onceWith().run(submission, work())).toMatchObject({ isReplay: false });
    const once = onceWith(false, (key) => key === submission.key);
    await expect(once.run(submission, work())).rejects.toBeInstanceOf(KeyExpired);
    const another = { ...submission, key: 'another' as IdempotencyKey };
    expect(await once.run(another, work())).toEqual({ response: ok, isReplay: false });
  });

  it('is a print without a key whose claim, turn or mark cannot be written, and what was prepared is taken back', async () => {
    const [commit, takeTurn] = [store.commit.bind(store), store.takeTurn.bind(store)];
    store.takeTurn = () => Promise.reject(new StoreUnavailable());
    await expect(onceWith().runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    store.takeTurn = takeTurn;
    store.commit = (change) => (change.isDurable ? Promise.reject(new StoreUnavailable()) : commit(change));
    await expect(onceWith().runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    store.commit = () => Promise.reject(new StoreUnavailable());
    await expect(onceWith().runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    expect([sent, undone]).toEqual([0, 2]);
    expect(await store.get(`{${id}}:claim`)).toBeUndefined();
  });

  it('does not include a print without a key where the settings say so: it is sent, and its job noted later', async () => {
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new StoreUnavailable());
    isAway(true);
    await expect(onceWith().runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await onceWith(true).runWithoutKey(submission, work())).toEqual({ response: ok, isReplay: false });
    await expect(onceWith(true).run(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    store.commit = commit;
    isAway(false);
    await unwritten.close();
    expect(sent).toBe(1);
    expect(await store.get('job')).toBe('mine');
  });

  it.each([
    ['does not stand any more', () => Promise.resolve(false)],
    ['cannot be confirmed', () => Promise.reject(new StoreUnavailable())],
  ])('is what was prepared for and %s, with a key or without', async (_, confirm) => {
    const once = onceWith();
    const prepared: string[] = [];
    const prepare = (token: string) => Promise.resolve(void prepared.push(token));
    const unconfirmed = { ...work(), prepare, confirm };
    await expect(once.run(submission, unconfirmed)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(once.runWithoutKey(submission, unconfirmed)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([sent, undone, new Set(prepared).size]).toEqual([0, 2, 2]);
    expect((await claimsOf(false).listOpen()).submissions).toEqual([]);
    expect(await once.run(submission, work())).toEqual({ response: ok, isReplay: false });
  });
});
