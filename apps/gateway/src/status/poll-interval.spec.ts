import { pollInterval } from './poll-interval.js';

const times = { watchIntervalMs: 1_000, watchSlowestMs: 10_000 };
const after = (status: string | undefined, ms: number) =>
  pollInterval({ id: 'x', atMs: 5_000, status, text: '{}' }, 5_000 + ms, times);

describe('the time until the next look at a job', () => {
  it.each(['IN_PROGRESS', 'WAITING_SMARTCARD'])(
    'is short while it is %s, however long that takes',
    (status) => {
      expect(after(status, 3_600_000)).toBe(1_000);
    },
  );

  it.each(['QUEUED', 'AWAITING_PRINT', undefined])(
    'grows with the time it is %s, up to the slowest',
    (status) => {
      expect([0, 10_000, 50_000, 3_600_000].map((ms) => after(status, ms))).toEqual([
        1_000, 1_000, 5_000, 10_000,
      ]);
    },
  );

  it('is short while nothing is known', () => {
    expect(pollInterval(undefined, 0, times)).toBe(1_000);
  });
});
