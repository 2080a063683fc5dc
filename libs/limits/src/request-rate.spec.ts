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
    rate = new RequestRate(store, () => now);
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

  it('counts what reaches the upstream over all gateways, to the request', async () => {
    const other = new RequestRate(store, () => now);
    const counted = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? rate : other).countUpstream(holder, 30)),
    );
    expect(counted.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    now += 40_000;
    await rate.countUpstream(holder, 30);
  });
});
