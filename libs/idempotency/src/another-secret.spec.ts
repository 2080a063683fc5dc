import { createHmac } from 'node:crypto';
import { StoreUnavailable } from '#libs/store';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown } from './idempotency.problems.js';
import { id, ok, OnceInTest, submission } from './once-in-test.js';
import type { Submission } from './submission.js';

const HOUR_MS = 3_600_000;

describe('a claim that another secret, or an earlier version, made', () => {
  let at: OnceInTest;
  beforeEach(() => (at = new OnceInTest()));

  const runElsewhere = (changes: Partial<Submission> = {}) => {
    at.restart({ secret: 'another secret of thirty-two bytes' });
    return at.run(ok, changes);
  };

  it('replays its answer, and sends nothing, whatever the body: nobody can tell', async () => {
    await at.run();
    expect(await runElsewhere()).toEqual({ response: ok, isReplay: true });
    expect(await runElsewhere({ body: '{"hopper":1}' })).toEqual({ response: ok, isReplay: true });
    expect(at.sent).toBe(1);
  });

  it('does not send what is running or unknown there', async () => {
    await expect(at.run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(runElsewhere()).rejects.toBeInstanceOf(OutcomeStillUnknown);
    expect(at.sent).toBe(1);
  });

  const keepAsBefore = (state: object) => {
    const fingerprint = createHmac('sha256', 'key').update('{}').digest('base64url');
    return at.store.set(`{${id}}:claim`, JSON.stringify({ fingerprint, token: 't', ...state }), HOUR_MS);
  };

  it('replays what an earlier version completed, and still tells another body', async () => {
    await keepAsBefore({ state: 'completed', response: ok });
    expect(await at.run()).toEqual({ response: ok, isReplay: true });
    await expect(at.run(ok, { body: '{"hopper":1}' })).rejects.toBeInstanceOf(KeyReused);
    expect(at.sent).toBe(0);
  });

  it('settles what an earlier version left unknown', async () => {
    const { key: _key, body: _body, ...kept } = submission;
    const times = { isKeyed: true, dispatchedAtMs: 0, endsAtMs: 0 };
    await keepAsBefore({ state: 'unknown', ...kept, ...times });
    const found = await at.claims.findUnknown(id);
    expect(found && (await at.claims.settle(found, ok))).toBe('written');
    expect(await at.run()).toEqual({ response: ok, isReplay: true });
  });

  it('cannot be read by an earlier version, which would refuse the retry as another request', async () => {
    await at.run();
    const kept = await at.store.get(`{${id}}:claim`);
    expect(() => JSON.parse(kept ?? '{}') as unknown).toThrow(SyntaxError);
  });

  it('is not made, and nothing is sent, while the secret cannot be had', async () => {
    at.restart({ secret: false });
    const setIfAbsent = at.store.setIfAbsent.bind(at.store);
    at.store.setIfAbsent = () => Promise.reject(new StoreUnavailable());
    await expect(at.run()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(at.sent).toBe(0);
    at.store.setIfAbsent = setIfAbsent;
    expect(await at.run()).toEqual({ response: ok, isReplay: false });
  });
});
