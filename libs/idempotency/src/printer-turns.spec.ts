import { IdempotencyKey } from './idempotency-key.js';
import { OutcomeUnknown, PrinterBusy, RequestInProgress } from './idempotency.problems.js';
import { id, NotSent, ok, ExecutorInTest, Refused, submission, times } from './executor-in-test.js';
import type { MarkDispatched, IdempotentAction } from './idempotent-action.js';
import { submissionId } from './submission.js';

const HOUR_MS = 3_600_000;

describe('the turn and the mark of what is sent once', () => {
  let at: ExecutorInTest;
  beforeEach(() => (at = new ExecutorInTest()));

  it('tells until when the first byte may leave, from when the mark was asked for', async () => {
    const commit = at.store.commit.bind(at.store);
    at.store.commit = async (change) => {
      const outcome = await commit(change);
      if (change.isDurable) at.now += 20_000;
      return outcome;
    };
    const punctual = {
      ...at.action(ok),
      execute: async (markDispatched: MarkDispatched) => {
        const sendBeforeMs = await markDispatched();
        if (at.now > sendBeforeMs) throw new NotSent();
        return { response: ok };
      },
    };
    await expect(at.executor.execute(submission, punctual)).rejects.toBeInstanceOf(NotSent);
    expect(await at.compensated()).toBe(1);
    expect(await at.inFlight.listInFlight()).toMatchObject({ submissions: [] });
    at.now = 0;
    at.store.commit = commit;
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
  });

  it('marks with the time of the store, however far the time was that it knew', async () => {
    const commit = at.store.commit.bind(at.store);
    let isFirst = true;
    at.store.commit = (change) => {
      if (change.isDurable && isFirst) [isFirst, at.now] = [false, at.now + 5_000];
      return commit(change);
    };
    const seen: number[] = [];
    const losing = at.action(new Error('reset'));
    await expect(
      at.executor.execute(submission, {
        ...losing,
        execute: async (markDispatched) => {
          await markDispatched();
          for (const { dispatchedAtMs } of (await at.inFlight.listInFlight()).submissions)
            seen.push(dispatchedAtMs);
          return losing.execute(markDispatched);
        },
      }),
    ).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(seen).toEqual([5_000]);
  });

  it('sends nothing to a printer at which something is open, and frees the key', async () => {
    await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
    const other = { key: IdempotencyKey.parse('other') as IdempotencyKey };
    await expect(at.execute(ok, other)).rejects.toBeInstanceOf(PrinterBusy);
    expect([at.sent, await at.compensated()]).toEqual([1, 1]);
    expect(await at.execute(ok, { ...other, target: 'another printer' })).toEqual({
      response: ok,
      isReplay: false,
    });
    const [open] = await at.inFlight.listUnknown();
    if (open) await at.inFlight.settleSubmission(open, undefined);
    expect(await at.execute(ok, other)).toEqual({ response: ok, isReplay: false });
  });

  it('sends nothing when the turn was lost before the mark', async () => {
    const late = {
      ...at.action(ok),
      execute: async (markDispatched: MarkDispatched) => (
        (at.now += times.leaseMs),
        await markDispatched(),
        { response: ok }
      ),
    };
    await expect(at.executor.execute(submission, late)).rejects.toBeInstanceOf(RequestInProgress);
    expect(await at.compensated()).toBe(1);
  });

  it('takes back a mark that is answered when the call is over', async () => {
    const over = {
      ...at.action(ok),
      execute: (markDispatched: MarkDispatched) => {
        void markDispatched().catch(() => {});
        return Promise.reject(new Error('no time is left'));
      },
    };
    await expect(at.executor.execute(submission, over)).rejects.toThrow('no time is left');
    expect(await at.compensated()).toBe(1);
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
  });

  describe('when the upstream refuses the gateway’s own token', () => {
    const refusedOnce = (): IdempotentAction => {
      let isFirst = true;
      return {
        ...at.action(ok),
        execute: async (markDispatched) => {
          await markDispatched();
          at.sent += 1;
          if (!isFirst) return { response: ok };
          isFirst = false;
          throw new Refused();
        },
      };
    };

    it('sends again where nothing came of it', async () => {
      expect(await at.executor.execute(submission, refusedOnce())).toEqual({ response: ok, isReplay: false });
      expect(at.sent).toBe(2);
    });

    it('does not send again what was printed all the same', async () => {
      at.scheduler.shown = { status: 200, body: 'found' };
      expect((await at.executor.execute(submission, refusedOnce())).response).toEqual(at.scheduler.shown);
      expect(at.sent).toBe(1);
    });

    it('looks also after the second refusal, and frees the key only where nothing came of it', async () => {
      const refused = at.action(new Refused());
      at.scheduler.findOutcome = () => Promise.resolve(at.sent === 1 ? 'nothing' : ok);
      expect(await at.executor.execute(submission, refused)).toEqual({ response: ok, isReplay: false });
      expect([at.sent, await at.compensated()]).toEqual([2, 0]);
      at.scheduler.findOutcome = () => Promise.resolve('nothing');
      const other = { ...submission, key: IdempotencyKey.parse('other') as IdempotencyKey, target: 'other' };
      at.restart({ rules: { isNotExecuted: (error) => error instanceof Refused } });
      await expect(at.executor.execute(other, refused)).rejects.toBeInstanceOf(Refused);
      expect([at.sent, await at.compensated()]).toEqual([4, 1]);
    });

    it('does not send again when it cannot look', async () => {
      // Which proves, for a call, that it was not sent; but not for the print.
      at.scheduler.findOutcome = () => Promise.reject(new NotSent());
      await expect(at.executor.execute(submission, refusedOnce())).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(at.sent).toBe(1);
      expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
    });
  });

  it('still knows what it has printed when all state is lost meanwhile', async () => {
    const losing = {
      ...at.action(ok),
      execute: async (markDispatched: MarkDispatched) => {
        await markDispatched();
        await at.store.close();
        return { response: ok };
      },
    };
    expect(await at.executor.execute(submission, losing)).toEqual({ response: ok, isReplay: false });
    expect(await at.execute()).toEqual({ response: ok, isReplay: true });
  });

  it('takes the job of another for no answer', async () => {
    const ownerWrite = {
      condition: { key: 'job', is: undefined },
      writes: [{ set: 'job', value: 'mine', ttlMs: HOUR_MS }],
      isSatisfiedBy: (found: string | undefined) => found === 'mine',
    };
    let distrusted = 0;
    const noting = { ...at.action(ok), onCrossedResponse: () => (distrusted += 1) };
    const answered = {
      ...noting,
      execute: async (markDispatched: MarkDispatched) => (
        await markDispatched(),
        { response: ok, ownerWrite }
      ),
    };
    expect(await at.executor.execute(submission, answered)).toEqual({ response: ok, isReplay: false });
    await at.store.set('job', 'another’s', HOUR_MS);
    const other = { ...submission, key: IdempotencyKey.parse('other') as IdempotencyKey };
    await expect(at.executor.execute(other, answered)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(distrusted).toBe(1);
    expect(await at.inFlight.listUnknown()).toMatchObject([{ id: submissionId(other) }]);
    await expect(
      at.executor.executeWithoutKey({ ...other, target: 'elsewhere' }, answered),
    ).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(distrusted).toBe(2);
  });
});
