import { request } from 'undici';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

describe('Prefer: wait', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    const gateway = { REDIS_URL: redis.url, WATCH_INTERVAL_MS: '200', STATUS_FRESH_MS: '100' };
    env = await TestEnvironment.open({ gateways: 2, gateway, emulator: { EMULATOR_CARD_MS: '600000' } });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const print = async (): Promise<string> =>
    (await env.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
  const known = async (id: string) => (await env.as('olga').get(statusPath(id))).headers.etag as string;
  const wait = (id: string, etag: string, seconds: number, gateway = 0) =>
    env.as('olga', gateway).get(statusPath(id), { prefer: `wait=${seconds}`, 'if-none-match': etag });
  const calls = () => env.emulator.callsOf('getPrintStatus');

  it('answers when the status changes, on every gateway, with one poller for all', async () => {
    const id = await print();
    const etag = await known(id);
    const startedAt = performance.now();
    const before = await calls();
    const waiting = Promise.all(Array.from({ length: 60 }, (_, i) => wait(id, etag, 30, i % 2)));
    await eventually(async () => expect(await calls()).toBeGreaterThan(before + 4));
    await env.emulator.advance(60_500);
    const responses = await waiting;
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    for (const { body, headers } of responses) {
      expect(body).toMatchObject({ status: 'IN_PROGRESS' });
      expect(headers['preference-applied']).toBe('wait=30');
    }
    const intervals = (performance.now() - startedAt) / 200;
    expect((await calls()) - before).toBeLessThanOrEqual(intervals * 1.1 + 4);
  });

  it('answers after N seconds with what there is', async () => {
    const id = await print();
    const response = await wait(id, await known(id), 1);
    expect(response.status).toBe(304);
    expect(response.headers['preference-applied']).toBe('wait=1');
  });

  it('answers at once to who knows nothing or something else, and for a job that is final', async () => {
    const id = await print();
    expect((await env.as('olga').get(statusPath(id), { prefer: 'wait=60' })).status).toBe(200);
    expect((await wait(id, '"other"', 60)).status).toBe(200);
    await env.as('olga').delete(statusPath(id));
    expect((await wait(id, await known(id), 60)).status).toBe(304);
  });

  it('waits a minute at most', async () => {
    const id = await print();
    const before = await calls();
    const waiting = wait(id, await known(id), 86_400).then(({ headers }) => headers);
    await eventually(async () => expect(await calls()).toBeGreaterThan(before + 2));
    await env.as('olga').delete(statusPath(id));
    expect((await waiting)['preference-applied']).toBe('wait=60');
  });

  it('polls for nobody who has gone', async () => {
    const id = await print();
    const etag = await known(id);
    const abort = new AbortController();
    const headers = {
      authorization: `Bearer ${await env.tokenOf('olga')}`,
      prefer: 'wait=60',
      'if-none-match': etag,
    };
    const before = await calls();
    const gone = request(env.gatewayUrl + statusPath(id), { headers, signal: abort.signal }).catch(
      () => 'gone',
    );
    await eventually(async () => expect(await calls()).toBeGreaterThan(before + 1));
    abort.abort();
    expect(await gone).toBe('gone');
    await eventually(async () =>
      expect(await redis.command(`EXISTS print-gateway:{${id}}:poller`)).toBe('0'),
    );
    const after = await calls();
    // Another job is followed meanwhile, so that time has demonstrably passed.
    const other = await print();
    await wait(other, await known(other), 1);
    expect((await calls()) - after).toBeLessThanOrEqual(8);
  });

  it('answers at once when its gateway stops', async () => {
    const id = await print();
    const etag = await known(id);
    const before = await calls();
    const waiting = wait(id, etag, 60, 1).then(({ status }) => status);
    await eventually(async () => expect(await calls()).toBeGreaterThan(before + 1));
    const { program } = env.gateway(1);
    await program.stop();
    expect(await program.ended()).toBe(0);
    expect(await waiting).toBe(304);
  });
});
