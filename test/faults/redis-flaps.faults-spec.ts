import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisRelay } from '../support/redis-relay.js';
import { RedisServer } from '../support/redis.js';
import { Prng } from '../support/prng.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const ERRORS = [
  'ERR of some kind',
  'OOM command not allowed when used memory > maxmemory',
  'NOPERM this user has no permissions to access one of the channels',
  'LOADING Redis is loading the dataset in memory',
  'READONLY You can’t write against a read only replica',
];

/** Whatever Redis does, the gateway lives, and uses Redis again when it is well. */
describe('when Redis fails again and again', () => {
  let redis: RedisServer;
  let relay: RedisRelay;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    relay = await RedisRelay.start(redis.port);
    env = await TestEnvironment.open({
      gateways: 2,
      policy: withoutQuotas,
      gateway: { LOG_LEVEL: 'info', STATUS_FRESH_MS: '60000' },
      emulator: { EMULATOR_QUEUED_MS: '600000' },
      each: (index) => ({ REDIS_URL: index === 0 ? relay.url : redis.url }),
    });
  });
  afterAll(async () => {
    await env.close();
    await relay.stop();
    await redis.stop();
  });

  /** The process that was started is still there, serves, and is told what the other one does. */
  async function isWell(): Promise<void> {
    await eventually(async () => {
      const response = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
      expect(await response.json()).toMatchObject({ status: 'ready', sharedState: { isUsable: true } });
    }, 5_000);
    const print = await env.as('anna').post(printPath(), printRequest(), keyHeader(randomUUID()));
    expect(print.status).toBe(200);
    await eventually(hearsTheOther, 8_000);
    expect(env.output).not.toMatch(/nobody caught/);
  }

  /** What one gateway cancels is not told as queued by the other, which has it in its memory. */
  async function hearsTheOther(): Promise<void> {
    const { body } = await env.as('anna', 1).post(printPath(fixtures.secondPrinter), printRequest());
    const path = statusPath((body as { printStatus: { id: string } }).printStatus.id);
    const statusAtHand = async () => ((await env.as('anna').get(path)).body as { status: string }).status;
    expect(await statusAtHand()).toBe('QUEUED');
    expect((await env.as('anna', 1).delete(path)).status).toBe(204);
    await delay(100);
    expect(await statusAtHand()).toBe('CANCELLED');
  }

  const fastAs = async (ms: number, harm: () => Promise<unknown>) => {
    const endsAtMs = Date.now() + ms;
    while (Date.now() < endsAtMs) await harm();
  };
  const readOn = () =>
    env
      .as('anna')
      .get(fixtures.counts)
      .then(
        () => {},
        () => {},
      );

  it('with every connection reset within 40 ms for some seconds', async () => {
    await fastAs(3_000, async () => {
      relay.cut();
      await delay(5);
      relay.mend();
      await Promise.all([readOn(), delay(35)]);
    });
    await isWell();
  }, 30_000);

  it('with its answers to SUBSCRIBE late, and the connection gone before they come', async () => {
    relay.rule = ([command]) =>
      command?.toLowerCase() === 'subscribe' ? { beforeReply: () => delay(300) } : 'pass';
    for (let i = 0; i < 5; i += 1) {
      for (const connection of relay.connections) connection.break();
      await delay(200);
    }
    relay.mend();
    await isWell();
  }, 30_000);

  it('with an error for any command at any moment', async () => {
    const prng = new Prng(7);
    relay.rule = () => {
      const number = prng.below(6);
      if (number === 0) return { error: prng.of(ERRORS) };
      return number === 1 ? prng.of(['request lost', 'reply lost'] as const) : 'pass';
    };
    await fastAs(3_000, () => Promise.all([readOn(), delay(20)]));
    relay.mend();
    await isWell();
  }, 30_000);

  it('with the permission for its channels taken away, says so, and hears again when it is given back', async () => {
    await redis.commandOf('ACL', 'SETUSER', 'default', 'resetchannels');
    await eventually(() => expect(env.output).toMatch(/Redis: not permitted\. Grant the user of REDIS_URL/));
    await redis.commandOf('ACL', 'SETUSER', 'default', 'allchannels');
    await isWell();
  }, 30_000);

  it('killed and started again and again', async () => {
    for (let i = 0; i < 6; i += 1) {
      await redis.kill();
      await redis.run();
      await delay(20 * i);
    }
    await isWell();
  }, 30_000);
});
