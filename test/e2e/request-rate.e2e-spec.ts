import { ANY_RATE, TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { withinOneMinute } from '../support/minute.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const LIMIT = 30;

describe('requestsPerMinute', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
      policy: (yaml) => withoutQuotas(yaml).replaceAll(ANY_RATE, `requestsPerMinute: ${LIMIT}`),
    });
    for (const who of ['olga', 'otto', 'victor', 'oscar', 'anna']) await env.tokenOf(who);
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });
  beforeEach(() => withinOneMinute());

  const statuses = async (count: number, send: (index: number) => Promise<{ status: number }>) =>
    (await Promise.all(Array.from({ length: count }, (_, i) => send(i)))).map(({ status }) => status);
  const print = (who: string, gateway = 0) =>
    env.as(who, gateway).post(printPath(), printRequest(), keyHeader());
  const passed = (all: number[]) => all.filter((status) => status === 200).length;

  it('holds what reaches the upstream to the limit, over all gateways, to the request', async () => {
    const before = await env.emulator.callsOf('print');
    const all = await statuses(2 * LIMIT, (i) => print('olga', i % 2));
    expect(passed(all)).toBe(LIMIT);
    expect(all.filter((status) => status === 429)).toHaveLength(LIMIT);
    expect(await env.emulator.callsOf('print')).toBe(before + LIMIT);
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
    const before = await env.emulator.callsOf('print');
    expect((await print('oscar', 1)).status).toBe(429);
    expect(await env.emulator.callsOf('print')).toBe(before);
    expect((await env.as('victor').get(fixtures.printers)).status).toBe(200);
    expect(passed(await statuses(2 * LIMIT, () => print('anna')))).toBe(2 * LIMIT);
  });
});

describe('requestsPerMinute of cached reads', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      policy: (yaml) => yaml.replaceAll(ANY_RATE, `requestsPerMinute: ${LIMIT}`),
    });
    for (const who of ['olga', 'otto']) await env.tokenOf(who);
  });
  afterAll(() => env.close());

  it('is counted too, and refuses one caller without another', async () => {
    await withinOneMinute();
    const all = [];
    for (let i = 0; i <= LIMIT; i += 1) all.push((await env.as('olga').get(fixtures.counts)).status);
    expect(all).toEqual([...Array.from({ length: LIMIT }, () => 200), 429]);
    expect((await env.as('otto').get(fixtures.counts)).status).toBe(200);
    expect(await env.emulator.callsOf('getPrintCounts')).toBe(1);
  });
});
