import { MemoryStore } from '#libs/store';
import { RateExceeded } from './limits.problems.js';
import { RequestRate } from './request-rate.js';

const START = Date.parse('2026-03-10T12:00:20Z');
const holder = { issuer: 'i', subject: 's', tenant: 't' };

describe('RequestRate', () => {
  let now: number;
  let store: MemoryStore;
  let rate: RequestRate;
  beforeEach(() => {
    now = START;
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    rate = new RequestRate(store.expendable, () => now);
  });

  it('lets as many pass as may in a minute, and says when the next begins', () => {
    for (let i = 0; i < 3; i += 1) rate.count(holder, 3);
    const refuse = () => rate.count(holder, 3);
    expect(refuse).toThrow(RateExceeded);
    const refused = new RateExceeded({ limit: 3, left: 0, resetsInMs: 40_000 });
    expect(refused.headers).toEqual({
      'retry-after': '40',
      'ratelimit-policy': '"requests-per-minute";q=3;w=60',
      ratelimit: '"requests-per-minute";r=0;t=40',
    });
    now += 40_000;
    rate.count(holder, 3);
  });

  it('is one count for all tokens of a caller, and each caller’s own', () => {
    rate.count(holder, 1);
    expect(() => rate.count({ ...holder }, 1)).toThrow(RateExceeded);
    rate.count({ ...holder, tenant: 'x' }, 1);
    rate.count({ ...holder, issuer: 'x' }, 1);
    for (let i = 0; i < 1_000; i += 1) rate.count(holder, undefined);
  });

  it('counts refusals apart: they use nothing up, and do not go on for ever', () => {
    for (let i = 0; i < 60; i += 1) rate.countRefusal(holder, 3);
    const refused = new RateExceeded({ limit: 60, left: 0, resetsInMs: 40_000 });
    expect(() => rate.countRefusal(holder, 3)).toThrow(
      expect.objectContaining({ headers: refused.headers, detail: expect.stringContaining('refused') }),
    );
    for (let i = 0; i < 3; i += 1) rate.count(holder, 3);
    rate.countRefusal({ ...holder, subject: 'x' }, 3);
    now += 40_000;
    rate.countRefusal(holder, 3);
  });

  it.each([
    [120, 120],
    [undefined, 600],
  ])('lets who may make %s requests be refused %s times', (limit, refusals) => {
    for (let i = 0; i < refusals; i += 1) rate.countRefusal(holder, limit);
    expect(() => rate.countRefusal(holder, limit)).toThrow(RateExceeded);
  });

  it('counts what reaches the upstream over all gateways, to the request', async () => {
    const other = new RequestRate(store.expendable, () => now);
    const counted = await Promise.allSettled(
      Array.from({ length: 100 }, async (_, i) => (i % 2 ? rate : other).countUpstream(holder, 30)),
    );
    expect(counted.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    now += 40_000;
    await rate.countUpstream(holder, 30);
  });

  /** As a change is made that is for something else too; false where that cannot be. */
  const demand = async (limit: number, isMade = true) => {
    const demanded = rate.chargeUpstream(holder, limit);
    if (!isMade) return demanded?.onResult({ isTaken: false, room: undefined });
    const takes = demanded?.take ? [demanded.take] : [];
    const { isDone, rooms } = await store.commit({ conditions: [], takes, writes: [] });
    return demanded?.onResult({ isTaken: isDone, room: rooms[0] });
  };

  it('counts in one step with what a request is for, and only where that is done', async () => {
    for (let i = 0; i < 30; i += 1) {
      expect(await demand(30, false)).toBeUndefined();
      await (i % 2 ? demand(30) : rate.countUpstream(holder, 30));
    }
    expect(await demand(30)).toBeInstanceOf(RateExceeded);
    await expect(rate.countUpstream(holder, 30)).rejects.toThrow(RateExceeded);
    expect(rate.leftUpstream(holder, 30)).toBe(0);
    now += 40_000;
    expect(await demand(30)).toBeUndefined();
    expect(rate.leftUpstream(holder, 30)).toBe(29);
  });

  it('uses what was counted ahead up, once, for what is done', async () => {
    await rate.countUpstream(holder, 10_000);
    await rate.countUpstream(holder, 10_000);
    const before = rate.leftUpstream(holder, 10_000);
    const answers = [rate.chargeUpstream(holder, 10_000), rate.chargeUpstream(holder, 10_000)];
    expect(answers.map((each) => each?.take)).toEqual([undefined, undefined]);
    answers[0]?.onResult({ isTaken: true, room: undefined });
    answers[1]?.onResult('lost');
    expect(rate.leftUpstream(holder, 10_000)).toBe(before - 1);
    for (let i = 1; i < before; i += 1) expect(await demand(10_000)).toBeUndefined();
    expect(await demand(10_000)).toBeInstanceOf(RateExceeded);
  });

  it('counts ahead where the limit is large, never over it, and to the request in one process', async () => {
    let steps = 0;
    const { expendable } = store;
    const increment = expendable.increment.bind(expendable);
    expendable.increment = (...words) => ((steps += 1), increment(...words));
    for (let i = 0; i < 10_000; i += 1) await rate.countUpstream(holder, 10_000);
    await expect(rate.countUpstream(holder, 10_000)).rejects.toThrow(RateExceeded);
    expect(steps).toBeLessThan(1_000);
  });

  it('counts as few ahead for many at once as for one', async () => {
    await rate.countUpstream(holder, 10_000);
    await Promise.all(Array.from({ length: 50 }, async () => rate.countUpstream(holder, 10_000)));
    const other = new RequestRate(store.expendable, () => now);
    let granted = 0;
    await other.countUpstream(holder, 10_000);
    while (other.leftUpstream(holder, 10_000) > 0) {
      await other.countUpstream(holder, 10_000);
      granted += 1;
    }
    expect(granted).toBeGreaterThan(10_000 - 51 - 110);
  });

  it('lets several processes make no more than the limit together, and little less', async () => {
    const gateways = [rate, ...[1, 2, 3].map(() => new RequestRate(store.expendable, () => now))];
    let granted = 0;
    for (let i = 0; i < 12_000; i += 1) {
      // One of them makes few requests, and keeps what it counted ahead.
      const gateway = gateways[i % 100 === 0 ? 0 : 1 + (i % 3)] as RequestRate;
      granted += await Promise.resolve(gateway.countUpstream(holder, 10_000)).then(
        () => 1,
        () => 0,
      );
    }
    expect(granted).toBeLessThanOrEqual(10_000);
    expect(granted).toBeGreaterThan(9_800);
  });
});
