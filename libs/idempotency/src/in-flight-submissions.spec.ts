import { ExecutorInTest, id, ok, submission, times } from './executor-in-test.js';
import { OutcomeUnknown } from './idempotency.problems.js';
import { PrinterTurns } from './printer-turns.js';

describe('InFlightSubmissions', () => {
  let at: ExecutorInTest;
  beforeEach(async () => {
    at = new ExecutorInTest();
    await expect(at.execute(new Error('reset'))).rejects.toBeInstanceOf(OutcomeUnknown);
  });

  const find = async () => {
    const found = await at.inFlight.findUnknown(id);
    if (!found) throw new Error('nothing is unknown');
    return found;
  };
  const take = async () => {
    const turn = await new PrinterTurns(at.store, at.clock, times).take(submission.target, 0);
    if (!turn) throw new Error('the turn is another’s');
    return turn;
  };

  it('lists what was sent and has no known end, and tells what its gateway may still see', async () => {
    expect(await at.inFlight.listInFlight()).toMatchObject({
      submissions: [{ id, isRunning: false, target: 'printer' }],
      isComplete: true,
    });
    await at.inFlight.settleSubmission(await find(), undefined);
    await at.repository.markDispatched(await at.claimed());
    expect(await at.inFlight.listInFlight()).toMatchObject({ submissions: [{ id, isRunning: true }] });
    expect(await at.inFlight.listUnknown()).toEqual([]);
    at.now = times.callMs + times.marginMs;
    expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
  });

  it('forgets an entry whose record is gone: it can never be sent any more', async () => {
    await at.store.delete(`{${id}}:claim`);
    expect((await at.inFlight.listInFlight()).submissions).toEqual([]);
    expect(await at.store.readIndex('submissions:open', Infinity, 10)).toEqual([]);
  });

  it('settles as done: the response is replayed', async () => {
    expect(await at.inFlight.settleSubmission(await find(), ok)).toBe('written');
    expect(await at.execute()).toEqual({ response: ok, isReplay: true });
    expect(await at.inFlight.listUnknown()).toEqual([]);
    expect(await at.inFlight.findSettlement(id)).toMatchObject({ response: ok, target: 'printer' });
  });

  it('settles as not done: the key may be used once more', async () => {
    expect(await at.inFlight.settleSubmission(await find(), undefined)).toBe('written');
    expect(await at.execute()).toEqual({ response: ok, isReplay: false });
    expect(at.sent).toBe(2);
  });

  it('settles each once', async () => {
    const found = await find();
    const settled = await Promise.all([
      at.inFlight.settleSubmission(found, ok),
      at.inFlight.settleSubmission(found, undefined),
    ]);
    expect(settled.filter((each) => each === 'written')).toHaveLength(1);
  });

  it('settles in the turn of the printer only while that is held, and what is settled is in flight there', async () => {
    const lost = await take();
    const found = await find();
    at.now = times.leaseMs;
    const turn = await take();
    expect(await at.inFlight.settleSubmission(found, ok, { heldBy: lost })).toBe('superseded');
    expect(await at.inFlight.hasInFlightAt(submission.target)).toBe(true);
    expect(await at.inFlight.settleSubmission(found, ok, { heldBy: turn })).toBe('written');
    expect(await at.inFlight.hasInFlightAt(submission.target)).toBe(false);
  });

  it('leaves to a person what nobody finds out: it stays unknown, and its printer is free', async () => {
    const turn = await take();
    await at.inFlight.leaveToPerson(await find(), turn);
    expect(await at.inFlight.hasInFlightAt(submission.target)).toBe(false);
    expect(await at.inFlight.listUnknown()).toMatchObject([{ id }]);
  });

  it('clears a printer for who holds its turn, and of this submission only', async () => {
    const turn = await take();
    await at.inFlight.clearPrinter(turn, { id: 'another', token: 'another' });
    expect(await at.inFlight.hasInFlightAt(submission.target)).toBe(true);
    await at.inFlight.clearPrinter(turn, await find());
    expect(await at.inFlight.hasInFlightAt(submission.target)).toBe(false);
  });
});
