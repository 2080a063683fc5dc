import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const eventsPath = (id: string) => `/api/gateway/v1/jobs/${id}/events`;

describe('the events of a job', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  let following: SseClient[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: {
        REDIS_URL: redis.url,
        WATCH_INTERVAL_MS: '200',
        EVENTS_HEARTBEAT_MS: '300',
        EVENTS_PER_CALLER: '5',
      },
      policy: withoutQuotas,
      emulator: {
        EMULATOR_QUEUED_MS: '60000',
        EMULATOR_CARD_MS: '60000',
        EMULATOR_TOKEN_LIFE_MS: '86400000',
      },
    });
  });
  // A printer prints one job after another: none that is left of one test is before those of the next.
  beforeEach(() => env.emulator.reset());
  afterEach(() => {
    following.forEach((each) => each.close());
    following = [];
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const print = async (who = 'olga', request = printRequest()): Promise<string> =>
    (await env.as(who).post(printPath(), request)).body.printStatus.id as string;
  const follow = async (id: string, gateway = 0, who = 'olga') => {
    const each = new SseClient(env.gateway(gateway).url + eventsPath(id), await env.tokenOf(who));
    following.push(each);
    return each;
  };
  const calls = () => env.emulator.callsOf('getPrintStatus');

  it('begin with the present state, tell of each change once, and end behind the final one', async () => {
    const id = await print();
    const [here, there] = [await follow(id, 0), await follow(id, 1)];
    await Promise.all([here.until('QUEUED'), there.until('QUEUED')]);
    await env.emulator.advance(60_500);
    await Promise.all([here.until('IN_PROGRESS'), there.until('IN_PROGRESS')]);
    await env.emulator.advance(60_500);
    for (const each of [here, there]) {
      await eventually(() => expect(each.events).toEqual(['status', 'status', 'status', 'end']));
      expect(each.statuses).toEqual(['QUEUED', 'IN_PROGRESS', 'COMPLETED']);
      const { text } = await env.as('olga').get(statusPath(id));
      expect(each.received[2]?.data).toEqual(JSON.parse(text));
    }
  });

  it('go on where they were cut, on any gateway: no state is lost, none comes twice', async () => {
    const id = await print();
    const [cut, whole] = [await follow(id, 0), await follow(id, 1)];
    await Promise.all([cut.until('QUEUED'), whole.until('QUEUED')]);
    cut.cut();
    await env.emulator.advance(60_500);
    await whole.until('IN_PROGRESS');
    await env.emulator.advance(60_500);
    await whole.until('COMPLETED');
    await cut.until('COMPLETED');
    expect(cut.statuses).toEqual(['QUEUED', 'IN_PROGRESS', 'COMPLETED']);
    expect(cut.lastEventIds).toEqual([null, cut.received[0]?.id]);
    await eventually(() => expect(cut.events.at(-1)).toBe('end'));
  });

  it('are nothing more for who saw the end: 204, and an EventSource does not come back', async () => {
    const id = await print();
    await env.as('olga').delete(statusPath(id));
    const first = await follow(id);
    await eventually(() => expect(first.events).toEqual(['status', 'end']));
    const response = await env
      .as('olga')
      .get(eventsPath(id), { 'last-event-id': first.received[0]?.id ?? '' });
    expect([response.status, response.text]).toEqual([204, '']);
  });

  it('come at once after a change through any gateway', async () => {
    const id = await print();
    const each = await follow(id, 1);
    await each.until('QUEUED');
    await env.as('olga', 0).delete(statusPath(id));
    await each.until('CANCELLED', 1_000);
  });

  it('carry what proxies and browsers need', async () => {
    const id = await print();
    const response = await fetch(env.gatewayUrl + eventsPath(id), {
      headers: { authorization: `Bearer ${await env.tokenOf('olga')}` },
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes('\n:\n')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toMatch(/^retry: \d+\n\nid: [\w-]+\nevent: status\ndata: \{"status":"QUEUED".*\}\n\n/);
    await reader.cancel();
  });

  it('are for who may see the job; to everybody else it is a job that never was', async () => {
    const id = await print();
    for (const [who, job] of [
      ['otto', id],
      ['olga', fixtures.unknownId],
    ] as const)
      expect((await env.as(who).get(eventsPath(job))).status).toBe(404);
    expect((await env.as('nobody').get(eventsPath(id))).status).toBe(403);
    expect((await env.as('olga').get(eventsPath('x'))).status).toBe(400);
  });

  it('have a ceiling for each caller', async () => {
    const id = await print('otto');
    const open = await Promise.all([1, 2, 3, 4, 5].map(() => follow(id, 0, 'otto')));
    await Promise.all(open.map((each) => each.until('QUEUED')));
    const refused = await env.as('otto').get(eventsPath(id));
    expect([refused.status, refused.body.type]).toEqual([429, '/problems/too-many-streams']);
    open[0]?.close();
    const next = await eventually(async () => {
      const each = await follow(id, 0, 'otto');
      await each.until('QUEUED', 300);
      return each;
    });
    expect(next.answers).toEqual([200]);
  });

  it('end when the permission is taken away', async () => {
    const id = await print();
    const each = await follow(id);
    await each.until('QUEUED');
    env.writePolicy((yaml) => withoutQuotas(yaml).replaceAll(/ISSUANCE:VIEW, /g, ''));
    await eventually(() => expect(each.events).toContain('reconnect'));
    await eventually(() => expect(each.answers).toEqual([200, 403]));
    env.writePolicy(withoutQuotas);
    await eventually(async () => expect((await env.as('olga').get(statusPath(id))).status).toBe(200));
  });

  it('are polled for while somebody follows, and by one gateway', async () => {
    const id = await print();
    const [one, other] = [await follow(id, 0), await follow(id, 1)];
    await Promise.all([one.until('QUEUED'), other.until('QUEUED')]);
    await env.emulator.advance(60_500);
    await one.until('IN_PROGRESS');
    const [before, startedAt] = [await calls(), performance.now()];
    await eventually(async () => expect((await calls()) - before).toBeGreaterThanOrEqual(10));
    expect((await calls()) - before).toBeLessThanOrEqual(((performance.now() - startedAt) / 200) * 1.1 + 3);
    [one, other].forEach((each) => each.close());
    await eventually(async () =>
      expect(await redis.command(`EXISTS print-gateway:{${id}}:poller`)).toBe('0'),
    );
    const after = await calls();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await calls()) - after).toBeLessThanOrEqual(1);
  });

  it('go on while Redis is away', async () => {
    const id = await print();
    const each = await follow(id);
    await each.until('QUEUED');
    await redis.kill();
    await env.emulator.advance(60_500);
    await each.until('IN_PROGRESS');
    await redis.run();
    await env.emulator.advance(60_500);
    await each.until('COMPLETED');
    expect(each.statuses).toEqual(['QUEUED', 'IN_PROGRESS', 'COMPLETED']);
    await env.sharedStateIsUp();
  });

  it('go on on the other gateway when the one that polls is killed', async () => {
    const id = await print();
    const first = await follow(id, 0);
    await first.until('QUEUED');
    const second = await follow(id, 1);
    await second.until('QUEUED');
    await env.crash(0);
    await env.emulator.advance(60_500);
    await second.until('IN_PROGRESS');
    await env.restart(0);
    await env.emulator.advance(60_500);
    await Promise.all([first.until('COMPLETED'), second.until('COMPLETED')]);
    expect(first.statuses).toEqual([...new Set(first.statuses)]);
    expect(second.statuses).toEqual(['QUEUED', 'IN_PROGRESS', 'COMPLETED']);
  });

  it('end with a word when the gateway stops, which then ends with 0', async () => {
    const id = await print();
    const each = await follow(id, 1);
    await each.until('QUEUED');
    await env.gateway(1).program.stop();
    expect(each.events).toEqual(['status', 'reconnect']);
    expect(await env.gateway(1).program.ended()).toBe(0);
    await env.restart(1);
  });
});
