import { MemoryStore } from '#libs/store';
import { RateExceeded } from './limits.problems.js';
import { PacedRate } from './paced-rate.js';
import { RequestRate } from './request-rate.js';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-03-10T12:00:00Z');
const holder = { issuer: 'i', subject: 's', tenant: 't' };
const LIMIT = 120;

describe('PacedRate', () => {
  let now: number;
  let store: MemoryStore;
  let requests: RequestRate;
  let paced: PacedRate;
  beforeEach(() => {
    now = START;
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    requests = new RequestRate(store, () => now);
    paced = new PacedRate(requests, () => now);
  });

  /** How many of so many calls are counted. */
  const count = async (calls: number, rate = paced) => {
    let counted = 0;
    for (let i = 0; i < calls; i += 1)
      counted += await rate.count(holder, LIMIT).then(
        () => 1,
        () => 0,
      );
    return counted;
  };
  const countRequests = async (calls: number) => {
    for (let i = 0; i < calls; i += 1) await requests.countUpstream(holder, LIMIT);
  };

  it('lets half of the limit be used at once, and as much again in a minute, one by one', async () => {
    expect(await count(200)).toBe(61);
    expect(paced.readyInMs(holder, LIMIT)).toBe(1_000);
    now += 999;
    expect(await count(1)).toBe(0);
    now += 1;
    expect(await count(2)).toBe(1);
  });

  it('leaves a quarter of each minute for requests, over all gateways', async () => {
    const other = new PacedRate(new RequestRate(store, () => now), () => now);
    let counted = await count(60);
    counted += await count(60, other);
    expect(counted).toBe(91);
    await countRequests(LIMIT - counted);
    await expect(requests.countUpstream(holder, LIMIT)).rejects.toThrow(RateExceeded);
    now += 40_000;
    expect([await count(1), await count(1, other)]).toEqual([0, 0]);
    expect(paced.readyInMs(holder, LIMIT)).toBe(20_000);
    now = START + MINUTE_MS;
    expect([await count(1), await count(1, other)]).toEqual([1, 1]);
  });

  it('goes on minute after minute, with no gap, beside the requests of a busy user', async () => {
    const seconds: number[] = [];
    for (let second = 0; second < 600; second += 1) {
      const counted = await count(3);
      if (second >= 240) seconds.push(counted);
      if (second % 4 === 0) await countRequests(1);
      now += 1_000;
    }
    expect(new Set(seconds)).toEqual(new Set([1]));
  });

  it('has no bound for who has no limit', async () => {
    for (let i = 0; i < 1_000; i += 1) await paced.count(holder, undefined);
    expect(paced.readyInMs(holder, undefined)).toBe(-Infinity);
  });

  it('says when the next one may come', async () => {
    await count(61);
    await expect(paced.count(holder, LIMIT)).rejects.toThrow(
      expect.objectContaining({ headers: expect.objectContaining({ 'retry-after': '1' }) }),
    );
  });
});
