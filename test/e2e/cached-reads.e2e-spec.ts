import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { countByStatus, Load } from '../support/load.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('reads through two gateways on one Redis', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  let load: Load;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({ gateways: 2, gateway: { REDIS_URL: redis.url, LOG_LEVEL: 'info' } });
    load = new Load(await env.tokenOf('olga'));
  });
  afterAll(async () => {
    await load.close();
    await env.close();
    await redis.stop();
  });
  beforeEach(() => env.emulator.reset());

  const print = async (request = printRequest()): Promise<string> =>
    (await env.as('olga').post(printPath(), request)).body.printStatus.id as string;
  const urlsOf = (id: string) => env.gateways.map(({ url }) => url + statusPath(id));
  const both = (id: string, count: number) =>
    Array.from({ length: count }, (_, i) => urlsOf(id)[i % 2] as string);
  const completed = async (): Promise<string> => {
    const id = await print();
    await env.emulator.advance(120_000);
    return id;
  };

  it('a thousand parallel cold reads of one status cost one upstream call', async () => {
    const id = await completed();
    const replies = await Promise.all(both(id, 1_000).map((url) => load.read(url)));
    expect(countByStatus(replies)).toEqual({ 200: 1_000 });
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(await env.emulator.callsOf('getPrintStatus')).toBe(1);
  });

  it('a finished job read ten thousand times costs one upstream call, and a known token no Redis round trip', async () => {
    const id = await completed();
    await Promise.all(urlsOf(id).map((url) => load.read(url)));
    const before = await redis.commandsProcessed();
    for (let batch = 0; batch < 10; batch += 1)
      await Promise.all(both(id, 1_000).map((url) => load.read(url)));
    // What this test itself sends, and that each gateway tries now and then whether Redis takes writes: no more for ten thousand reads.
    expect((await redis.commandsProcessed()) - before).toBeLessThan(100);
    expect(await env.emulator.callsOf('getPrintStatus')).toBe(1);
  });

  it('200 callers who poll 50 running jobs cost at most one call per job and second', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => print()));
    await env.emulator.advance(-30_000);
    const startedAtMs = performance.now();
    const isOver = () => performance.now() - startedAtMs >= 6_000;
    const callers = Array.from({ length: 200 }, async (_, i) => {
      await delay((i * 1_000) / 200);
      const urls = urlsOf(ids[i % 50] as string);
      return load.readUntil(i % 2 ? urls : urls.reverse(), 1_000, isOver);
    });
    const replies = (await Promise.all(callers)).flat();
    expect(Object.keys(countByStatus(replies))).toEqual(['200']);
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const calls = await env.emulator.callsOf('getPrintStatus');
    // Each job is read at its first second too.
    expect(calls).toBeLessThanOrEqual(50 * (Math.ceil(seconds) + 1));
    expect(replies.length).toBeGreaterThan(2 * calls);
  });

  it.each([0, 1])('the next read after a cancel is fresh on either gateway (read on %i)', async (reader) => {
    const id = await print();
    for (const url of both(id, 10)) expect((await load.read(url)).text).toContain('QUEUED');
    await env.as('olga', 0).delete(statusPath(id));
    await eventually(
      async () => expect((await load.read(urlsOf(id)[reader] as string)).text).toContain('CANCELLED'),
      400,
    );
  });

  it('a conversation with a chip is never served from the cache', async () => {
    const id = await print(
      printRequest({ smartcard: { commands: [{ type: 'COUPLER', command: 'Connect' }] } }),
    );
    await env.emulator.advance(61_000);
    for (let i = 1; i <= 5; i += 1) {
      const update = { smartcard: { commands: [{ type: 'APDU', command: `0${i}` }] } };
      await env.as('olga', i % 2).patch(statusPath(id), update);
      for (const url of urlsOf(id)) {
        const body = JSON.parse((await load.read(url)).text) as {
          status: string;
          data: { smartcardResponses: unknown[] };
        };
        expect([body.status, body.data.smartcardResponses.length]).toEqual(['WAITING_SMARTCARD', i + 1]);
      }
    }
    const response = await env.as('olga').get(statusPath(id));
    expect(response.headers['cache-control']).toBe('private, no-store');
  });

  it('an answer that arrives after a newer invalidation is not kept', async () => {
    const id = await print();
    await env.emulator.fault({
      operation: 'getPrintStatus',
      kind: 'slow-drip',
      milliseconds: 40,
      count: 1,
    });
    const slow = load.read(urlsOf(id)[0] as string);
    await eventually(async () => expect(await env.emulator.callsOf('getPrintStatus')).toBe(1));
    await env.as('olga', 1).delete(statusPath(id));
    expect((await slow).text).toContain('QUEUED');
    for (const url of both(id, 20)) expect((await load.read(url)).text).toContain('CANCELLED');
  });

  it('unknown jobs are remembered, so that guessing does not reach the upstream', async () => {
    const administrator = new Load(await env.tokenOf('anna'));
    const replies = await Promise.all(both(fixtures.unknownId, 200).map((url) => administrator.read(url)));
    await administrator.close();
    expect(countByStatus(replies)).toEqual({ 404: 200 });
    expect(await env.emulator.callsOf('getPrintStatus')).toBe(1);
  });

  it('a gateway that dies while it fetches costs the others one lease at most', async () => {
    const id = await completed();
    const key = `print-gateway:{${id}}:status:lease`;
    await redis.command(`SET ${key} somebody-who-died PX 3000`);
    const reply = await load.read(urlsOf(id)[0] as string);
    expect(reply.status).toBe(200);
    expect(reply.milliseconds).toBeLessThan(5_000);
  });
});
