import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

describe('of the day’s quota of cards', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const print = async (who: string, copies: number): Promise<string> => {
    const request = printRequest({ printerPreferences: { copies } });
    const response = await env.as(who).post(printPath(), request, keyHeader());
    expect(response.status).toBe(200);
    return response.body.printStatus.id as string;
  };
  const used = async (who: string, gateway = 0) =>
    ((await env.as(who, gateway).get('/api/gateway/v1/me')).body as { cardsToday: { used: number } })
      .cardsToday.used;
  const nextStatus = (body: object) =>
    env.emulator.fault({ operation: 'getPrintStatus', kind: 'status', status: 200, body, count: 1 });

  it('a card is given back that is cancelled in its queue, at once, and for its owner only', async () => {
    const [kept, cancelled] = [await print('olga', 5), await print('olga', 5)];
    await print('otto', 5);
    expect(await used('olga')).toBe(10);
    expect((await env.as('olga', 1).delete(statusPath(cancelled))).status).toBe(204);
    expect(await used('olga')).toBe(5);
    for (const gateway of [0, 1, 0]) await env.as('olga', gateway).get(statusPath(cancelled));
    expect((await env.as('olga').delete(statusPath(cancelled))).status).not.toBe(204);
    expect([await used('olga'), await used('otto')]).toEqual([5, 5]);
    expect((await env.as('olga').get(statusPath(kept))).body).toMatchObject({ status: 'QUEUED' });
    expect(await used('olga')).toBe(5);
  });

  it.each([
    ['CANCELLED', 3, 2],
    ['FAILED', 3, 2],
    ['FAILED', 5, 0],
    ['FAILED', 500, 0],
    ['FAILED', undefined, 5],
    ['FAILED', -3, 5],
    ['FAILED', 2.5, 5],
    ['FAILED', '3', 5],
    ['COMPLETED', 5, 5],
    ['UNKNOWN', 5, 5],
  ])(
    'of 5 cards of a job that is %s with %p left, %p stay counted',
    async (status, copiesRemaining, stay) => {
      const before = await used('oscar');
      const id = await print('oscar', 5);
      await nextStatus({ status, data: { copiesRemaining } });
      for (const gateway of [0, 1, 0]) await env.as('oscar', gateway).get(statusPath(id));
      expect((await used('oscar', 1)) - before).toBe(stay);
    },
  );
});
