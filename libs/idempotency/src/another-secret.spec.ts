import { createHmac } from 'node:crypto';
import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, StoreUnavailable, WriteBehind } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown } from './idempotency.problems.js';
import { Once, type Work } from './once.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId, type Submission } from './submission.js';
import { TurnsInTest } from './turns-in-test.js';

const HOUR_MS = 3_600_000;
const times = { leaseMs: 10_000, callMs: 30_000, marginMs: 30_000, completedMs: HOUR_MS, unknownMs: HOUR_MS };
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

describe('a claim that another secret, or an earlier version, made', () => {
  let sent: number;
  let store: MemoryStore;
  let claims: ClaimRegistry;
  const clock = new StoreClock(() => 0);
  beforeEach(() => {
    sent = 0;
    store = new MemoryStore({ maxEntries: 1_000, now: () => 0 });
    claims = claimsOf(new Secret('a secret of thirty-two bytes or more'));
  });

  const claimsOf = (secret: Secret | undefined) =>
    new ClaimRegistry(store, new WriteBehind(), new SecretKeys(store, secret), clock, times);
  const work = (result: StoredResponse | Error): Work => ({
    prepare: () => undefined,
    send: async (mark) => {
      await mark();
      sent += 1;
      if (result instanceof Error) throw result;
      return { response: result };
    },
    undo: () => Promise.resolve(),
  });
  const runBy = (registry: ClaimRegistry, result: StoredResponse | Error, changes: Partial<Submission>) =>
    new Once(registry, new TurnsInTest(new PrinterTurns(store, clock, times)), {
      provesNothingDone: () => false,
      mayBeSentAgain: () => false,
    }).run({ ...submission, ...changes }, work(result));
  const run = (result: StoredResponse | Error = ok, changes: Partial<Submission> = {}) =>
    runBy(claims, result, changes);
  const runElsewhere = (changes: Partial<Submission> = {}) =>
    runBy(claimsOf(new Secret('another secret of thirty-two bytes')), ok, changes);

  it('replays its answer, and sends nothing, whatever the body: nobody can tell', async () => {
    await run();
    expect(await runElsewhere()).toEqual({ response: ok, isReplay: true });
    expect(await runElsewhere({ body: '{"hopper":1}' })).toEqual({ response: ok, isReplay: true });
    expect(sent).toBe(1);
  });

  it('does not send what is running or unknown there', async () => {
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(runElsewhere()).rejects.toBeInstanceOf(OutcomeStillUnknown);
    expect(sent).toBe(1);
  });

  const keepAsBefore = (state: object) => {
    const fingerprint = createHmac('sha256', 'key').update('{}').digest('base64url');
    return store.set(`{${id}}:claim`, JSON.stringify({ fingerprint, token: 't', ...state }), HOUR_MS);
  };

  it('replays what an earlier version completed, and still tells another body', async () => {
    await keepAsBefore({ state: 'completed', response: ok });
    expect(await run()).toEqual({ response: ok, isReplay: true });
    await expect(run(ok, { body: '{"hopper":1}' })).rejects.toBeInstanceOf(KeyReused);
    expect(sent).toBe(0);
  });

  it('settles what an earlier version left unknown', async () => {
    const { key: _key, body: _body, ...kept } = submission;
    const times = { isKeyed: true, dispatchedAtMs: 0, endsAtMs: 0 };
    await keepAsBefore({ state: 'unknown', ...kept, ...times });
    const found = await claims.findUnknown(id);
    expect(found && (await claims.settle(found, ok))).toBe('written');
    expect(await run()).toEqual({ response: ok, isReplay: true });
  });

  it('cannot be read by an earlier version, which would refuse the retry as another request', async () => {
    await run();
    const kept = await store.get(`{${id}}:claim`);
    expect(() => JSON.parse(kept ?? '{}') as unknown).toThrow(SyntaxError);
  });

  it('is not made, and nothing is sent, while the secret cannot be had', async () => {
    claims = claimsOf(undefined);
    const setIfAbsent = store.setIfAbsent.bind(store);
    store.setIfAbsent = () => Promise.reject(new StoreUnavailable());
    await expect(run()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(sent).toBe(0);
    store.setIfAbsent = setIfAbsent;
    expect(await run()).toEqual({ response: ok, isReplay: false });
  });
});
