import { ANY_RATE, House, withoutQuotas } from '../support/house.js';
import { withinOneMinute } from '../support/minute.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath, the } from '../support/the.js';

const LIMIT = 30;

describe('requestsPerMinute', () => {
  let redis: RedisServer;
  let house: House;
  beforeAll(async () => {
    redis = await RedisServer.start();
    house = await House.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
      policy: (yaml) => withoutQuotas(yaml).replaceAll(ANY_RATE, `requestsPerMinute: ${LIMIT}`),
    });
    for (const who of ['olga', 'otto', 'victor', 'oscar', 'anna']) await house.tokenOf(who);
  });
  afterAll(async () => {
    await house.close();
    await redis.stop();
  });
  beforeEach(() => withinOneMinute());

  const statuses = async (count: number, send: (index: number) => Promise<{ status: number }>) =>
    (await Promise.all(Array.from({ length: count }, (_, i) => send(i)))).map(({ status }) => status);
  const print = (who: string, gateway = 0) =>
    house.as(who, gateway).post(printPath(), printRequest(), someKey());
  const passed = (all: number[]) => all.filter((status) => status === 200).length;

  it('holds what reaches the upstream to the limit, over all gateways, to the request', async () => {
    const before = await house.emulator.callsOf('print');
    const all = await statuses(2 * LIMIT, (i) => print('olga', i % 2));
    expect(passed(all)).toBe(LIMIT);
    expect(all.filter((status) => status === 429)).toHaveLength(LIMIT);
    expect(await house.emulator.callsOf('print')).toBe(before + LIMIT);
  });

  it('says how many, and when the next minute begins', async () => {
    await statuses(LIMIT, () => print('otto'));
    const refused = await print('otto');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ type: '/problems/rate-exceeded', limit: LIMIT });
    expect(refused.headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      'ratelimit-policy': `"requests-per-minute";q=${LIMIT};w=60`,
      ratelimit: expect.stringMatching(/^"requests-per-minute";r=0;t=\d+$/),
    });
  });

  it('is each caller’s own, refuses before anything is printed, and leaves who has no limit alone', async () => {
    await statuses(LIMIT, () => print('oscar'));
    const before = await house.emulator.callsOf('print');
    expect((await print('oscar', 1)).status).toBe(429);
    expect(await house.emulator.callsOf('print')).toBe(before);
    expect((await house.as('victor').get(the.printers)).status).toBe(200);
    expect(passed(await statuses(2 * LIMIT, () => print('anna')))).toBe(2 * LIMIT);
  });
});

describe('requestsPerMinute of cached reads', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ policy: (yaml) => yaml.replaceAll(ANY_RATE, `requestsPerMinute: ${LIMIT}`) });
    for (const who of ['olga', 'otto']) await house.tokenOf(who);
  });
  afterAll(() => house.close());

  it('is counted too, and refuses one caller without another', async () => {
    await withinOneMinute();
    const all = [];
    for (let i = 0; i <= LIMIT; i += 1) all.push((await house.as('olga').get(the.counts)).status);
    expect(all).toEqual([...Array.from({ length: LIMIT }, () => 200), 429]);
    expect((await house.as('otto').get(the.counts)).status).toBe(200);
    expect(await house.emulator.callsOf('getPrintCounts')).toBe(1);
  });
});
