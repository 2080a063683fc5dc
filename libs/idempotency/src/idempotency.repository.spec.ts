import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DeferredWrites, StoreFull, StoreUnavailable } from '#libs/store';
import { ExecutorInTest, id, ok, submission, times } from './executor-in-test.js';
import { PrinterBusy, RequestInProgress } from './idempotency.problems.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId } from './submission.js';

describe('IdempotencyRepository', () => {
  let at: ExecutorInTest;
  beforeEach(() => (at = new ExecutorInTest()));

  const claim = (changes: Partial<typeof submission> = {}) =>
    at.repository.claimKey({ ...submission, ...changes }, { token: randomUUID(), charges: [] });
  const inTurn = async () => {
    const turn = await new PrinterTurns(at.store, at.clock, times).take(submission.target, 0);
    return { ...(await at.claimed()), turn };
  };
  const fail = (message: string): never => {
    throw new Error(message);
  };
  const ownerOf = (job: string, value = 'mine') => ({
    condition: { key: job, is: undefined },
    writes: [{ set: job, value, ttlMs: 1_000 }],
    isSatisfiedBy: (found: string | undefined) => found === value,
  });

  it('gives a key to one claim until its lease ends, and tells the others its state', async () => {
    expect(await claim()).toMatchObject({ state: 'claimed' });
    expect(await claim()).toBe('running');
    expect(await claim({ body: 'another' })).toBe('another-body');
    at.now = times.leaseMs;
    expect(await claim()).toMatchObject({ state: 'claimed' });
  });

  it('keeps the response of a key that was completed, and nothing of what had no key', async () => {
    const keyed = await at.claimed();
    const { sent } = await at.repository.markDispatched(keyed);
    expect(await at.repository.completeKey(keyed, sent, { response: ok })).toBe('written');
    expect(await claim()).toEqual(ok);
    await at.store.delete(`{${id}}:claim`);
    const keyless = { ...(await at.claimed()), isKeyed: false };
    const mark = await at.repository.markDispatched(keyless);
    await at.repository.completeKey(keyless, mark.sent, { response: ok });
    expect(await at.store.get(`{${id}}:claim`)).toBeUndefined();
  });

  it('marks nothing as dispatched whose key is another’s by now', async () => {
    const slow = await at.claimed();
    at.now = times.leaseMs;
    await claim();
    await expect(at.repository.markDispatched(slow)).rejects.toBeInstanceOf(RequestInProgress);
    expect(await at.inFlight.listInFlight()).toEqual({ submissions: [], isComplete: true });
  });

  it('marks nothing as dispatched whose turn has ended', async () => {
    const claimed = await inTurn();
    await new PrinterTurns(at.store, at.clock, times).end(claimed.turn ?? fail('the turn is another’s'));
    await expect(at.repository.markDispatched(claimed)).rejects.toBeInstanceOf(PrinterBusy);
  });

  it('marks nothing as dispatched at whose printer something is in flight', async () => {
    const { turn, ...first } = await inTurn();
    await at.repository.markDispatched({ ...first, turn });
    const other = { ...submission, key: 'other' as IdempotencyKey };
    const record = await at.repository.claimKey(other, { token: randomUUID(), charges: [] });
    if (typeof record !== 'object' || !('state' in record)) return fail('the key is not free');
    const second = {
      id: submissionId(other),
      submission: other,
      isKeyed: true,
      record,
      turn,
      releaseWrites: [],
    };
    await expect(at.repository.markDispatched(second)).rejects.toBeInstanceOf(PrinterBusy);
  });

  it('marks nothing as dispatched while the store has no room for what must stay', async () => {
    const claimed = await at.claimed();
    at.store.requireRoom = () => {
      throw new StoreFull();
    };
    await expect(at.repository.markDispatched(claimed)).rejects.toBeInstanceOf(StoreFull);
  });

  it('gives what is sent once more as much time as the first, while its turn is held', async () => {
    const claimed = await inTurn();
    const { sent } = await at.repository.markDispatched(claimed);
    at.now = 5_000;
    const renewed = await at.repository.renewDispatch(claimed, sent);
    expect(renewed.sent.endsAtMs - sent.endsAtMs).toBe(5_000);
    expect(renewed.sent.dispatchedAtMs).toBe(sent.dispatchedAtMs);
    at.now = times.leaseMs + 5_000;
    await expect(at.repository.renewDispatch(claimed, renewed.sent)).rejects.toBeInstanceOf(PrinterBusy);
  });

  it('writes whose a job is together with the response', async () => {
    const claimed = await at.claimed();
    const { sent } = await at.repository.markDispatched(claimed);
    const result = { response: ok, ownerWrite: ownerOf('job') };
    expect(await at.repository.completeKey(claimed, sent, result)).toBe('written');
    expect(await at.store.get('job')).toBe('mine');
  });

  it('takes a response with the job of another submission for none: the outcome is unknown', async () => {
    await at.store.set('job', 'another’s', 1_000);
    const claimed = await at.claimed();
    const { sent } = await at.repository.markDispatched(claimed);
    const result = { response: ok, ownerWrite: ownerOf('job') };
    expect(await at.repository.completeKey(claimed, sent, result)).toBe('job-conflict');
    expect(await claim()).toBe('unknown');
  });

  it('lets who has sent it correct what others took for unknown', async () => {
    const claimed = await at.claimed();
    const { sent } = await at.repository.markDispatched(claimed);
    await at.repository.markUnknown(id, sent);
    expect(await at.repository.completeKey(claimed, sent, { response: ok })).toBe('written');
    expect(await claim()).toEqual(ok);
    expect(await at.inFlight.listInFlight()).toMatchObject({ submissions: [] });
  });

  it('leaves a key to who has it now, and says in the log that it may have printed twice', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const claimed = await at.claimed();
    const { sent } = await at.repository.markDispatched(claimed);
    await at.repository.releaseKey(claimed, sent);
    await at.claimed();
    expect(await at.repository.completeKey(claimed, sent, { response: ok })).toBe('superseded');
    expect(await claim()).toBe('running');
    expect(error.mock.calls[0]?.[1]).toMatch(/may have printed twice/);
    error.mockRestore();
  });

  it('frees a key for nobody but the claim that is given', async () => {
    const slow = await at.claimed();
    at.now = times.leaseMs;
    await at.claimed();
    await at.repository.releaseKey(slow);
    expect(await claim()).toBe('running');
  });

  it('writes a response later that cannot be written now, and tells so at once', async () => {
    const deferredWrites = new DeferredWrites();
    at.restart({ deferredWrites });
    const claimed = await at.claimed();
    const { sent } = await at.repository.markDispatched(claimed);
    const commit = at.store.commit.bind(at.store);
    at.store.commit = () => Promise.reject(new StoreUnavailable());
    const told: string[] = [];
    const ownerWrite = {
      ...ownerOf('job'),
      onDeferred: () => told.push('deferred'),
      onWritten: () => told.push('written'),
    };
    expect(await at.repository.completeKey(claimed, sent, { response: ok, ownerWrite })).toBe('written');
    expect(told).toEqual(['deferred']);
    at.store.commit = commit;
    await deferredWrites.close();
    expect(told).toEqual(['deferred', 'written']);
    expect(await claim()).toEqual(ok);
  });
});
