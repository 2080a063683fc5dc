import { IdempotencyKey } from './idempotency-key.js';
import { OutcomeUnknown, PrinterBusy, RequestRunning } from './idempotency.problems.js';
import { id, NotSent, ok, OnceInTest, Refused, submission, times } from './once-in-test.js';
import type { Mark, Work } from './once.js';
import { submissionId } from './submission.js';

const HOUR_MS = 3_600_000;

describe('the turn and the mark of what is sent once', () => {
  let at: OnceInTest;
  beforeEach(() => (at = new OnceInTest()));

  it('tells until when the first byte may leave, from when the mark was asked for', async () => {
    const commit = at.store.commit.bind(at.store);
    at.store.commit = async (change) => {
      const outcome = await commit(change);
      if (change.isDurable) at.now += 20_000;
      return outcome;
    };
    const punctual = {
      ...at.work(ok),
      send: async (mark: Mark) => {
        const sendBeforeMs = await mark();
        if (at.now > sendBeforeMs) throw new NotSent();
        return { response: ok };
      },
    };
    await expect(at.once.run(submission, punctual)).rejects.toBeInstanceOf(NotSent);
    expect(at.undone).toBe(1);
    expect(await at.claims.listOpen()).toMatchObject({ submissions: [] });
    at.now = 0;
    at.store.commit = commit;
    expect(await at.run()).toEqual({ response: ok, isReplay: false });
  });

  it('marks with the time of the store, however far the time was that it knew', async () => {
    const commit = at.store.commit.bind(at.store);
    let isFirst = true;
    at.store.commit = (change) => {
      if (change.isDurable && isFirst) [isFirst, at.now] = [false, at.now + 5_000];
      return commit(change);
    };
    const seen: number[] = [];
    const losing = at.work(new Error('reset'));
    await expect(
      at.once.run(submission, {
        ...losing,
        send: async (mark) => {
          await mark();
          for (const { dispatchedAtMs } of (await at.claims.listOpen()).submissions)
            seen.push(dispatchedAtMs);
          return losing.send(mark);
        },
      }),
    ).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(seen).toEqual([5_000]);
  });

  it('sends nothing to a printer at which something is open, and frees the key', async () => {
    await expect(at.run(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    const other = { key: IdempotencyKey.parse('other') as IdempotencyKey };
    await expect(at.run(ok, other)).rejects.toBeInstanceOf(PrinterBusy);
    expect([at.sent, at.undone]).toEqual([1, 1]);
    expect(await at.run(ok, { ...other, target: 'another printer' })).toEqual({
      response: ok,
      isReplay: false,
    });
    const [open] = await at.claims.listUnknown();
    if (open) await at.claims.settle(open, undefined);
    expect(await at.run(ok, other)).toEqual({ response: ok, isReplay: false });
  });

  it('sends nothing when the turn was lost before the mark', async () => {
    const late = {
      ...at.work(ok),
      send: async (mark: Mark) => ((at.now += times.leaseMs), await mark(), { response: ok }),
    };
    await expect(at.once.run(submission, late)).rejects.toBeInstanceOf(RequestRunning);
    expect(at.undone).toBe(1);
  });

  it('takes back a mark that is answered when the call is over', async () => {
    const over = {
      ...at.work(ok),
      send: (mark: Mark) => {
        void mark().catch(() => {});
        return Promise.reject(new Error('no time is left'));
      },
    };
    await expect(at.once.run(submission, over)).rejects.toThrow('no time is left');
    expect(at.undone).toBe(1);
    expect(await at.run()).toEqual({ response: ok, isReplay: false });
  });

  describe('when the upstream refuses the gateway’s own token', () => {
    const refusedOnce = (): Work => {
      let isFirst = true;
      return {
        ...at.work(ok),
        send: async (mark) => {
          await mark();
          at.sent += 1;
          if (!isFirst) return { response: ok };
          isFirst = false;
          throw new Refused();
        },
      };
    };

    it('sends again where nothing came of it', async () => {
      expect(await at.once.run(submission, refusedOnce())).toEqual({ response: ok, isReplay: false });
      expect(at.sent).toBe(2);
    });

    it('does not send again what was printed all the same', async () => {
      at.turns.shown = { status: 200, body: 'found' };
      expect((await at.once.run(submission, refusedOnce())).response).toEqual(at.turns.shown);
      expect(at.sent).toBe(1);
    });

    it('looks also after the second refusal, and frees the key only where nothing came of it', async () => {
      const refused = at.work(new Refused());
      at.turns.look = () => Promise.resolve(at.sent === 1 ? 'nothing' : ok);
      expect(await at.once.run(submission, refused)).toEqual({ response: ok, isReplay: false });
      expect([at.sent, at.undone]).toEqual([2, 0]);
      at.turns.look = () => Promise.resolve('nothing');
      const other = { ...submission, key: IdempotencyKey.parse('other') as IdempotencyKey, target: 'other' };
      at.restart({ proofs: { provesNothingDone: (error) => error instanceof Refused } });
      await expect(at.once.run(other, refused)).rejects.toBeInstanceOf(Refused);
      expect([at.sent, at.undone]).toEqual([4, 1]);
    });

    it('does not send again when it cannot look', async () => {
      // Which proves, for a call, that it was not sent; but not for the print.
      at.turns.look = () => Promise.reject(new NotSent());
      await expect(at.once.run(submission, refusedOnce())).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(at.sent).toBe(1);
      expect(await at.claims.listUnknown()).toMatchObject([{ id }]);
    });
  });

  it('still knows what it has printed when all state is lost meanwhile', async () => {
    const losing = {
      ...at.work(ok),
      send: async (mark: Mark) => {
        await mark();
        await at.store.close();
        return { response: ok };
      },
    };
    expect(await at.once.run(submission, losing)).toEqual({ response: ok, isReplay: false });
    expect(await at.run()).toEqual({ response: ok, isReplay: true });
  });

  it('takes the job of another for no answer', async () => {
    const note = {
      condition: { key: 'job', is: undefined },
      writes: [{ set: 'job', value: 'mine', ttlMs: HOUR_MS }],
      saysSo: (found: string | undefined) => found === 'mine',
    };
    let distrusted = 0;
    const noting = { ...at.work(ok), distrust: () => (distrusted += 1) };
    const answered = { ...noting, send: async (mark: Mark) => (await mark(), { response: ok, note }) };
    expect(await at.once.run(submission, answered)).toEqual({ response: ok, isReplay: false });
    await at.store.set('job', 'another’s', HOUR_MS);
    const other = { ...submission, key: IdempotencyKey.parse('other') as IdempotencyKey };
    await expect(at.once.run(other, answered)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(distrusted).toBe(1);
    expect(await at.claims.listUnknown()).toMatchObject([{ id: submissionId(other) }]);
    await expect(at.once.runWithoutKey({ ...other, target: 'elsewhere' }, answered)).rejects.toBeInstanceOf(
      OutcomeUnknown,
    );
    expect(distrusted).toBe(2);
  });
});
