import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, WriteBehind } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { OutcomeUnknown, PrinterBusy, RequestRunning } from './idempotency.problems.js';
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

describe('the turn and the mark of what is sent once', () => {
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

  it('tells until when the first byte may leave, from when the mark was asked for', async () => {
    const commit = store.commit.bind(store);
    store.commit = async (change) => {
      const outcome = await commit(change);
      if (change.isDurable) now += 20_000;
      return outcome;
    };
    const punctual = {
      ...work(ok),
      send: async (mark: Mark) => {
        const leaveByMs = await mark();
        if (now > leaveByMs) throw new NotSent();
        return { response: ok };
      },
    };
    await expect(once.run(submission, punctual)).rejects.toBeInstanceOf(NotSent);
    expect(undone).toBe(1);
    expect(await claims.listOpen()).toMatchObject({ submissions: [] });
    now = 0;
    store.commit = commit;
    expect(await run()).toEqual({ response: ok, isReplay: false });
  });

  it('marks with the time of the store, however far the time was that it knew', async () => {
    const commit = store.commit.bind(store);
    let isFirst = true;
    store.commit = (change) => {
      if (change.isDurable && isFirst) [isFirst, now] = [false, now + 5_000];
      return commit(change);
    };
    const seen: number[] = [];
    const losing = work(new Error('reset'));
    await expect(
      once.run(submission, {
        ...losing,
        send: async (mark, each) => {
          await mark();
          for (const { dispatchedAtMs } of (await claims.listOpen()).submissions) seen.push(dispatchedAtMs);
          return losing.send(mark, each, '');
        },
      }),
    ).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(seen).toEqual([5_000]);
  });

  it('sends nothing to a printer at which something is open, and frees the key', async () => {
    await expect(run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    const other = { key: IdempotencyKey.parse('other') as IdempotencyKey };
    await expect(run(ok, other)).rejects.toBeInstanceOf(PrinterBusy);
    expect([sent, undone]).toEqual([1, 1]);
    expect(await run(ok, { ...other, target: 'another printer' })).toEqual({ response: ok, isReplay: false });
    const [open] = await claims.listUnknown();
    if (open) await claims.settle(open, undefined);
    expect(await run(ok, other)).toEqual({ response: ok, isReplay: false });
  });

  it('sends nothing when the turn was lost before the mark', async () => {
    const late = {
      ...work(ok),
      send: async (mark: Mark) => ((now += times.leaseMs), await mark(), { response: ok }),
    };
    await expect(once.run(submission, late)).rejects.toBeInstanceOf(RequestRunning);
    expect(undone).toBe(1);
  });

  it('takes back a mark that is answered when the call is over', async () => {
    const over = {
      ...work(ok),
      send: (mark: Mark) => {
        void mark().catch(() => {});
        return Promise.reject(new Error('no time is left'));
      },
    };
    await expect(once.run(submission, over)).rejects.toThrow('no time is left');
    expect(undone).toBe(1);
    expect(await run()).toEqual({ response: ok, isReplay: false });
  });

  describe('when the upstream refuses the gateway’s own token', () => {
    const refusedOnce = (): Work => {
      let isFirst = true;
      return {
        ...work(ok),
        send: async (mark) => {
          await mark();
          sent += 1;
          if (!isFirst) return { response: ok };
          isFirst = false;
          throw new Refused();
        },
      };
    };

    it('sends again where nothing came of it', async () => {
      expect(await once.run(submission, refusedOnce())).toEqual({ response: ok, isReplay: false });
      expect(sent).toBe(2);
    });

    it('does not send again what was printed all the same', async () => {
      turns.shown = { status: 200, body: 'found' };
      expect((await once.run(submission, refusedOnce())).response).toEqual(turns.shown);
      expect(sent).toBe(1);
    });

    it('does not send again when it cannot look', async () => {
      turns.look = () => Promise.reject(new Error('the upstream is away'));
      await expect(once.run(submission, refusedOnce())).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(sent).toBe(1);
      expect(await claims.listUnknown()).toMatchObject([{ id }]);
    });
  });

  it('still knows what it has printed when all state is lost meanwhile', async () => {
    const losing = {
      ...work(ok),
      send: async (mark: Mark) => {
        await mark();
        await store.close();
        return { response: ok };
      },
    };
    expect(await once.run(submission, losing)).toEqual({ response: ok, isReplay: false });
    expect(await run()).toEqual({ response: ok, isReplay: true });
  });

  it('takes the job of another for no answer', async () => {
    const note = {
      condition: { key: 'job', is: undefined },
      writes: [{ set: 'job', value: 'mine', ttlMs: HOUR_MS }],
      saysSo: (found: string | undefined) => found === 'mine',
    };
    let distrusted = 0;
    const noting = { ...work(ok), distrust: () => (distrusted += 1) };
    const answered = { ...noting, send: async (mark: Mark) => (await mark(), { response: ok, note }) };
    expect(await once.run(submission, answered)).toEqual({ response: ok, isReplay: false });
    await store.set('job', 'another’s', HOUR_MS);
    const other = { ...submission, key: IdempotencyKey.parse('other') as IdempotencyKey };
    await expect(once.run(other, answered)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(distrusted).toBe(1);
    expect(await claims.listUnknown()).toMatchObject([{ id: submissionId(other) }]);
  });
});
