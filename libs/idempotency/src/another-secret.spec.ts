import { createHmac } from 'node:crypto';
import { StoreUnavailable } from '#libs/store';
import { KeyReused, OutcomeStillUnknown, OutcomeUnknown } from './idempotency.problems.js';
import { id, ok, ExecutorInTest, submission } from './executor-in-test.js';
import type { Submission } from './submission.js';

const HOUR_MS = 3_600_000;

describe('a record that another secret, or an earlier version, made', () => {
  let at: ExecutorInTest;
  beforeEach(() => (at = new ExecutorInTest()));

  const runElsewhere = (changes: Partial<Submission> = {}) => {
    at.restart({ secret: 'another secret of thirty-two bytes' });
    return at.execute(ok, changes);
  };

  it('replays its answer, and sends nothing, whatever the body: nobody can tell', async () => {
    await at.execute();
    expect(await runElsewhere()).toEqual({ response: ok, isReplay: true });
    expect(await runElsewhere({ body: '{"hopper":1}' })).toEqual({ response: ok, isReplay: true });
    expect(at.sent).toBe(1);
  });

  it('does not send what is running or unknown there', async () => {
    await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(runElsewhere()).rejects.toBeInstanceOf(OutcomeStillUnknown);
    expect(at.sent).toBe(1);
  });

  const keepAsBefore = (state: object) => {
    const fingerprint = createHmac('sha256', 'key').update('{}').digest('base64url');
    return at.store.set(`{${id}}:claim`, JSON.stringify({ fingerprint, token: 't', ...state }), HOUR_MS);
  };

  it('replays what an earlier version completed, and still tells another body', async () => {
    await keepAsBefore({ state: 'completed', response: ok });
    expect(await at.execute()).toEqual({ response: ok, isReplay: true });
    await expect(at.execute(ok, { body: '{"hopper":1}' })).rejects.toBeInstanceOf(KeyReused);
    expect(at.sent).toBe(0);
  });

  it('settles what an earlier version left unknown', async () => {
    const { key: _key, body: _body, ...kept } = submission;
    const times = { isKeyed: true, dispatchedAtMs: 0, endsAtMs: 0 };
    await keepAsBefore({ state: 'unknown', ...kept, ...times });
    const found = await at.inFlight.findUnknown(id);
    expect(found && (await at.inFlight.settleSubmission(found, ok))).toBe('written');
    expect(await at.execute()).toEqual({ response: ok, isReplay: true });
  });

  it('cannot be read by an earlier version, which would refuse the retry as another request', async () => {
    await at.execute();
    const kept = await at.store.get(`{${id}}:claim`);
    expect(() => JSON.parse(kept ?? '{}') as unknown).toThrow(SyntaxError);
  });

  it('is not made, and nothing is sent, while the secret cannot be had', async () => {
    at.restart({ secret: false });
    const setIfAbsent = at.store.setIfAbsent.bind(at.store);
    at.store.setIfAbsent = () => Promise.reject(new StoreUnavailable());
    await expect(at.execute()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(at.sent).toBe(0);
    at.store.setIfAbsent = setIfAbsent;
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
  });
});
