import type { PrinterId } from '#libs/contract';
import type { InFlightSubmission } from '#libs/idempotency';
import { MemoryStore, StoreClock } from '#libs/store';
import { JoblessPrints, mayHaveComeOf } from './jobless-prints.js';

const MINUTE_MS = 60_000;
const PRINTER = 'printer' as PrinterId;
const submission: InFlightSubmission = {
  ...{
    state: 'unknown',
    isKeyed: true,
    isRunning: false,
    fingerprint: 'fingerprint',
    token: 'token',
    id: 'id',
  },
  ...{ operation: 'print', copies: 1, label: undefined, reservedAtMs: undefined, target: PRINTER },
  submitter: { issuer: 'i', subject: 's', tenant: undefined },
  ...{ dispatchedAtMs: 10_000, endsAtMs: 12_000 },
};

describe('a print that ended without a job', () => {
  let nowMs: number;
  let store: MemoryStore;
  let prints: JoblessPrints;
  beforeEach(async () => {
    nowMs = 12_000 + MINUTE_MS;
    store = new MemoryStore({ maxEntries: 100, now: () => nowMs });
    const clock = new StoreClock(() => nowMs);
    clock.note(nowMs);
    prints = new JoblessPrints(store, clock, { intervalMs: 5_000, settleMs: MINUTE_MS, skewMs: 10_000 });
    await store.commit({ conditions: [], writes: prints.listing(submission) });
  });

  it('is looked for three times, with growing pauses, and is remembered until then', async () => {
    for (const minutes of [2, 10, 30]) {
      nowMs = 12_000 + minutes * MINUTE_MS - 1;
      expect(await prints.due(nowMs)).toEqual([]);
      expect(await prints.at(PRINTER)).toMatchObject([{ token: 'token' }]);
      nowMs += 1;
      const due = await prints.due(nowMs);
      expect(due).toMatchObject([{ id: 'id', printerId: PRINTER }]);
      await prints.looked(due, nowMs);
    }
    expect(await prints.at(PRINTER)).toEqual([]);
  });

  it('is forgotten when its job is known after all, and not remembered when the last look is over', async () => {
    await store.commit({ conditions: [], writes: [prints.unlisting(submission)] });
    expect(await prints.at(PRINTER)).toEqual([]);
    expect(prints.listing({ ...submission, endsAtMs: nowMs - 31 * MINUTE_MS })).toEqual([]);
  });

  it('can have become what was created from its dispatch to its end, as far as the clocks can be told', () => {
    const apart = { leastMs: 100_000, mostMs: 102_000 };
    const fits = (createdAtMs: number) => mayHaveComeOf(submission, { createdAtMs }, apart);
    expect([109_999, 110_000, 114_000, 114_001].map(fits)).toEqual([false, true, true, false]);
  });
});
