import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

describe('a gateway that is told to stop', () => {
  let env: TestEnvironment;
  afterEach(() => env.close());

  /** A print that is under way when this returns; in an object, so that its answer is not waited for. */
  const slowPrint = async (milliseconds: number) => {
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds, count: 1 });
    const printing = env.as('olga').post(printPath(), printRequest(), keyHeader());
    const answer = printing.then(
      ({ status }) => status,
      () => 'dropped',
    );
    await eventually(async () => expect(await env.emulator.callsOf('print')).toBe(1));
    return { answer };
  };

  it('finishes what it has begun, and ends with 0', async () => {
    env = await TestEnvironment.open();
    const { answer } = await slowPrint(700);
    const { program } = env.gateway(0);
    await program.stop();
    expect(await answer).toBe(200);
    expect(await program.ended()).toBe(0);
  });

  it('is not ready any more, and serves on for the grace', async () => {
    env = await TestEnvironment.open({ gateway: { STOP_GRACE_MS: '1000' } });
    const { program, managementUrl } = env.gateway(0);
    const stopped = program.stop();
    await eventually(async () => {
      const response = await fetch(`${managementUrl}/health/ready`);
      expect([response.status, await response.json()]).toMatchObject([503, { isStopping: true }]);
    });
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
    await stopped;
    expect(await program.ended()).toBe(0);
  });

  it('ends with 1 when it is told a second time', async () => {
    env = await TestEnvironment.open();
    const { answer } = await slowPrint(4_000);
    const { program } = env.gateway(0);
    program.signal('SIGTERM');
    await delay(200);
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(1);
    expect(await answer).toBe('dropped');
  });

  it('ends with 1 when it takes longer than it may', async () => {
    env = await TestEnvironment.open({ gateway: { STOP_DEADLINE_MS: '500' } });
    const { answer } = await slowPrint(4_000);
    const { program } = env.gateway(0);
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(1);
    expect(await answer).toBe('dropped');
  });
});

describe('two gateways that are rolled under load', () => {
  it('fail no request', async () => {
    const redis = await RedisServer.start();
    const env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url, STOP_GRACE_MS: '500' },
      emulator: { EMULATOR_TOKEN_LIFE_MS: '86400000' },
    });
    const agent = new Agent({ connections: 20, pipelining: 1 });
    const authorization = `Bearer ${await env.tokenOf('anna')}`;
    const over = new AbortController();
    /** A balancer's view: who says to be ready, looked at every few milliseconds. */
    let ready = [0, 1];
    const looking = (async () => {
      while (!over.signal.aborted) {
        const looks = [0, 1].map(async (index) => {
          const { managementUrl } = env.gateway(index);
          const response = await fetch(`${managementUrl}/health/ready`).catch(() => undefined);
          return response?.ok ? [index] : [];
        });
        ready = (await Promise.all(looks)).flat();
        await delay(20);
      }
    })();
    const answers = new Map<string, number>();
    const sending = Array.from({ length: 8 }, async (_, worker) => {
      for (let turn = worker; !over.signal.aborted; turn += 1) {
        const { url } = env.gateway(ready[turn % ready.length] ?? 0);
        const isPrint = turn % 5 === 0;
        const answer = await request(url + (isPrint ? printPath() : fixtures.counts), {
          dispatcher: agent,
          method: isPrint ? 'POST' : 'GET',
          headers: { authorization, 'content-type': 'application/json', ...(isPrint && keyHeader()) },
          body: isPrint ? JSON.stringify(printRequest()) : null,
        }).then(
          async ({ statusCode, body }) => (await body.dump(), String(statusCode)),
          (error: unknown) => String(error),
        );
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        // A gateway that starts needs a processor too.
        await delay(10);
      }
    });
    for (const index of [0, 1]) {
      const { program } = env.gateway(index);
      await program.stop();
      expect(await program.ended()).toBe(0);
      await env.restart(index);
      await eventually(() => expect(ready).toEqual([0, 1]));
    }
    over.abort();
    await Promise.all([looking, ...sending]);
    expect(answers.size).toBe(1);
    expect(answers.get('200')).toBeGreaterThan(200);
    await agent.close();
    await env.close();
    await redis.stop();
  }, 60_000);
});
