import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreUnavailable, WriteBehind } from '#libs/store';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { KeyExpired } from './idempotency.problems.js';
import { Once } from './once.js';
import { submissionId, type Submission } from './submission.js';

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
  const claimsOf = (maySendUnnoted: boolean) => {
    const keys = new SecretKeys(store, new Secret('a secret of thirty-two bytes or more'));
    return new ClaimRegistry(store, unwritten, keys, times, () => 0, maySendUnnoted);
  };
  beforeEach(() => {
    [sent, undone] = [0, 0];
    store = new MemoryStore({ maxEntries: 1_000, now: () => 0 });
    unwritten = new WriteBehind();
  });

  const work = (fault?: Error) => ({
    prepare: () => undefined,
    send: () => {
      sent += 1;
      return fault ? Promise.reject(fault) : Promise.resolve(ok);
    },
    undo: () => Promise.resolve(void (undone += 1)),
  });

  it('is a key that says itself that its answer may be forgotten, also while the answer is there', async () => {
    expect(await new Once(claimsOf(false), () => false).run(submission, work())).toMatchObject({
      isReplay: false,
    });
    const once = new Once(
      claimsOf(false),
      () => false,
      (key) => key === submission.key,
    );
    await expect(once.run(submission, work())).rejects.toBeInstanceOf(KeyExpired);
    const another = { ...submission, key: 'another' as IdempotencyKey };
    expect(await once.run(another, work())).toEqual({ response: ok, isReplay: false });
  });

  it.each(['set', 'addToIndex'] as const)(
    'is a print without a key while it cannot be noted (%s), and what was prepared is taken back',
    async (step) => {
      store[step] = () => Promise.reject(new StoreUnavailable());
      const once = new Once(claimsOf(false), () => false);
      await expect(once.runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
      expect([sent, undone]).toEqual([0, 1]);
      expect(await store.get(`{${id}}:claim`)).toBeUndefined();
    },
  );

  it('is nothing to be written later, where the state was away before', async () => {
    Object.defineProperty(store, 'isUp', { value: false });
    const once = new Once(claimsOf(false), () => false);
    await expect(once.runWithoutKey(submission, work())).rejects.toBeInstanceOf(StoreUnavailable);
    expect([sent, undone, unwritten.count]).toEqual([0, 1, 0]);
  });

  it('does not include a print without a key where the settings say so: it is sent, and noted later', async () => {
    const addToIndex = store.addToIndex.bind(store);
    store.addToIndex = () => Promise.reject(new StoreUnavailable());
    const once = new Once(claimsOf(true), () => false);
    await expect(once.runWithoutKey(submission, work(new Error('reset')))).rejects.toThrow('reset');
    store.addToIndex = addToIndex;
    await unwritten.close();
    expect(sent).toBe(1);
    expect((await claimsOf(true).listOpen()).submissions).toMatchObject([{ id, isKeyed: false }]);
  });

  it.each([
    ['does not stand any more', () => Promise.resolve(false)],
    ['cannot be confirmed', () => Promise.reject(new StoreUnavailable())],
  ])('is what was prepared for and %s, with a key or without', async (_, confirm) => {
    const once = new Once(claimsOf(false), () => false);
    const prepared: string[] = [];
    const prepare = (token: string) => void prepared.push(token);
    const unconfirmed = { ...work(), prepare: (token: string) => Promise.resolve(prepare(token)), confirm };
    await expect(once.run(submission, unconfirmed)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(once.runWithoutKey(submission, unconfirmed)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([sent, undone, new Set(prepared).size]).toEqual([0, 2, 2]);
    expect((await claimsOf(false).listOpen()).submissions).toEqual([]);
    expect(await once.run(submission, work())).toEqual({ response: ok, isReplay: false });
  });
});
