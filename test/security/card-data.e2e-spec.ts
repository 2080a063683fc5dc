import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

/** What the chip answers: told apart from anything else that may stand in Redis. */
const ANSWERS = ['6F1A840E315041592E5359532E4444463031', '70125713476173900101001', 'D15EA5E0FF'];

describe('the answers of a chip', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  let monitored: () => string;
  beforeAll(async () => {
    redis = await RedisServer.start('--appendonly', 'yes');
    monitored = redis.monitor();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url, WATCH_INTERVAL_MS: '200', LOG_LEVEL: 'trace' },
      policy: withoutQuotas,
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  /** The upstream says so from now on, for every job. */
  const say = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    await env.emulator.onlyFault({
      operation: 'getPrintStatus',
      kind: 'status',
      status: 200,
      headers,
      body,
    });
  };
  const state = (status: string, answers: readonly string[]) => {
    const smartcardResponses = answers.map((response) => ({ response }));
    return JSON.stringify({ status, data: { copiesRemaining: 1, smartcardResponses } });
  };
  const calls = () => env.emulator.callsOf('getPrintStatus');

  it('reach whoever follows on any gateway, and are kept nowhere: not in Redis, not in a gateway, not in a browser', async () => {
    const request = printRequest({ smartcard: { commands: [{ type: 'COUPLER', command: 'Connect' }] } });
    const id = (await env.as('olga').post(printPath(), request)).body.printStatus.id as string;
    await say(state('WAITING_SMARTCARD', []));
    const token = await env.tokenOf('olga');
    const streams = env.gateways.map(
      ({ url }) => new SseClient(`${url}/api/gateway/v1/jobs/${id}/events`, token),
    );
    const seen = (each: SseClient) => JSON.stringify(each.received);
    await Promise.all(streams.map((each) => each.until('WAITING_SMARTCARD')));
    for (const [index] of ANSWERS.entries()) {
      await say(state('WAITING_SMARTCARD', ANSWERS.slice(0, index + 1)));
      for (const each of streams) await eventually(() => expect(seen(each)).toContain(ANSWERS[index]));
    }
    const escaped = state('COMPLETED', ANSWERS).replace('smartcardResponses', 'smartcard\\u0052esponses');
    await say(escaped);
    for (const each of streams) {
      await eventually(() => expect(each.events.at(-1)).toBe('end'));
      expect(each.statuses).toEqual([...Array<string>(4).fill('WAITING_SMARTCARD'), 'COMPLETED']);
      expect(each.received.at(-2)?.data).toEqual(JSON.parse(escaped));
      each.close();
    }

    for (const gateway of [0, 1, 0, 1]) {
      const before = await calls();
      const response = await env.as('olga', gateway).get(statusPath(id));
      expect(response.text).toBe(escaped);
      expect(response.headers['cache-control']).toBe('private, no-store');
      expect(await calls()).toBe(before + 1);
    }
    const before = await calls();
    const together = await Promise.all(Array.from({ length: 40 }, () => env.as('olga').get(statusPath(id))));
    expect(together.every(({ text }) => text === escaped)).toBe(true);
    expect((await calls()) - before).toBeLessThan(20);
    const listed = await calls();
    for (let page = 0; page < 5; page += 1) {
      const { body } = await env.as('olga').get('/api/gateway/v1/jobs');
      expect(body.jobs[0]).toMatchObject({ printStatusId: id, status: 'COMPLETED' });
    }
    expect((await calls()) - listed).toBeLessThanOrEqual(1);

    const kept = { monitored: monitored(), files: redis.files(), log: env.output };
    expect(kept.monitored).toContain(id);
    expect(kept.files).toContain(id);
    for (const [where, text] of Object.entries(kept))
      for (const answer of ANSWERS) expect([where, text.includes(answer)]).toEqual([where, false]);
  });

  it('are told apart from the ids of jobs: words that name one are cached, and what is kept out is counted', async () => {
    const id = (await env.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
    const saying = (statusDetails: string) =>
      JSON.stringify({ status: 'COMPLETED', statusDetails, data: {} });
    const keptOut = async () => {
      const metrics = await env.gateway(0).metrics();
      return Number(/^print_gateway_statuses_kept_out_total (\d+)$/m.exec(metrics)?.[1] ?? 0);
    };
    const before = await keptOut();
    await say(saying(`job ${id} failed: 00-A4-04-00`));
    expect((await env.as('olga').get(statusPath(id))).headers['cache-control']).toBe('private, no-store');
    expect(await keptOut()).toBe(before + 1);
    await say(saying(`printed after job ${id}`));
    await env.as('olga').get(statusPath(id));
    const called = await calls();
    expect((await env.as('olga', 1).get(statusPath(id))).text).toContain(`after job ${id}`);
    expect([await calls(), await keptOut()]).toEqual([called, before + 1]);
  });

  it('that an earlier version kept are not served, and taken away', async () => {
    const id = (await env.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
    const now = Date.now();
    const key = `print-gateway:{${id}}:status`;
    const old = state('COMPLETED', ANSWERS);
    await redis.commandOf('SET', key, `${now + 86_400_000} ${now} 0 0 t\n${old}`, 'PX', '86400000');
    await say(state('COMPLETED', ['9000']));
    expect((await env.as('olga', 1).get(statusPath(id))).text).toContain('9000');
    expect(await redis.command(`EXISTS ${key}`)).toBe('0');
  });
});
