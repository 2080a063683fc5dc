import { randomUUID } from 'node:crypto';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

describe('cardsPerDay', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
      emulator: { EMULATOR_QUEUED_MS: '1' },
      policy: (yaml) => yaml.replace('cardsPerDay: 200', 'cardsPerDay: 20'),
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const print = (who: string, copies: number, gateway = 0, key: string = randomUUID()) =>
    env.as(who, gateway).post(printPath(), printRequest({ printerPreferences: { copies } }), keyHeader(key));

  it('lets not one card over, through two gateways and five hundred parallel requests', async () => {
    const responses = await Promise.all(Array.from({ length: 500 }, (_, i) => print('olga', 1, i % 2)));
    const printed = responses.filter(({ status }) => status === 200);
    expect(printed).toHaveLength(20);
    const refused = responses.find(({ status }) => status !== 200);
    expect(refused?.status).toBe(429);
    expect(refused?.body).toMatchObject({ type: '/problems/card-quota-exceeded', limit: 20, left: 0 });
    expect(refused?.headers).toMatchObject({
      'ratelimit-policy': '"cards-per-day";q=20;w=86400',
      ratelimit: expect.stringMatching(/^"cards-per-day";r=0;t=\d+$/),
      'retry-after': expect.stringMatching(/^\d+$/),
    });
    await env.emulator.advance(600_000);
    expect(await env.emulator.ledger()).toHaveLength(20);
  });

  it('does not count replays, nor what was not printed', async () => {
    const key = randomUUID();
    for (let i = 0; i < 10; i += 1) expect((await print('otto', 5, i % 2, key)).status).toBe(200);
    await env.emulator.fault({
      operation: 'print',
      kind: 'status',
      status: 400,
      count: 5,
      body: { code: 'x', message: 'y' },
    });
    for (let i = 0; i < 5; i += 1) expect((await print('otto', 5)).status).toBe(400);
    for (let i = 0; i < 3; i += 1) expect((await print('otto', 5)).status).toBe(200);
    expect((await print('otto', 1)).status).toBe(429);
  });

  it('leaves the key free that it refuses', async () => {
    const key = randomUUID();
    expect((await print('otto', 1, 0, key)).status).toBe(429);
    expect((await print('otto', 1, 1, key)).status).toBe(429);
  });

  it('counts what may have been printed', async () => {
    await env.emulator.fault({ operation: 'print', kind: 'reset-after', count: 4 });
    for (let i = 0; i < 4; i += 1) expect((await print('oscar', 5)).status).toBe(504);
    expect((await print('oscar', 1)).status).toBe(429);
  });

  it('cannot be known while the shared state is away: nothing is printed, with a key or without, with a quota or without', async () => {
    await redis.kill();
    const before = await env.emulator.callsOf('print');
    expect((await env.as('olga').post(printPath(), printRequest())).status).toBe(503);
    expect((await print('olga', 1)).status).toBe(503);
    expect((await env.as('anna').post(printPath(), printRequest())).status).toBe(503);
    expect(await env.emulator.callsOf('print')).toBe(before);
    await redis.run();
  });
});
