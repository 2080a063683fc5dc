import { jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment } from '../support/test-environment.js';
import { countByStatus, Load, percentile, type Reply } from '../support/load.js';
import { clusterUrl, RedisServer, startCluster, sentinelUrl, startSentinels } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const COMMAND_TIMEOUT_MS = 250;
/** What an upstream call may add to the time of one command. */
const UPSTREAM_MS = 500;
/** How much longer than in calm a read may take for all else: what is started again needs the processor too. */
const BUSY = 3;

jest.setTimeout(60_000);

describe('when Redis goes away under a load of reads', () => {
  let env: TestEnvironment;
  let load: Load;
  let urls: string[];
  /** The 99th percentile of reads while nothing fails, on a machine as busy as it is. */
  let calmMs: number;

  async function open(url: string): Promise<void> {
    const gateway = {
      REDIS_URL: url,
      REDIS_COMMAND_TIMEOUT_MS: String(COMMAND_TIMEOUT_MS),
      LOG_LEVEL: 'info',
    };
    env = await TestEnvironment.open({
      gateway: { ...gateway, COUNTS_FRESH_MS: '100', COUNTS_STALE_MS: '0' },
    });
    load = new Load(await env.tokenOf('olga'));
    await usesRedis();
    const ids = await Promise.all(
      // The servers of a cluster are connected to one after the other, when each is first asked.
      Array.from({ length: 10 }, () =>
        eventually(async () => {
          const { status, body } = await env.as('olga').post(printPath(), printRequest());
          expect(status).toBe(200);
          return body.printStatus.id as string;
        }),
      ),
    );
    urls = [...ids.map(statusPath), fixtures.counts].map((path) => env.gatewayUrl + path);
    calmMs = percentile(await readsDuring(() => delay(500)), 0.99);
  }
  afterEach(async () => {
    await load.close();
    await env.close();
  });

  const isUp = async (): Promise<boolean> => {
    const response = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
    return ((await response.json()) as { sharedState: { isUp: boolean } }).sharedState.isUp;
  };
  const usesRedis = () => eventually(async () => expect(await isUp()).toBe(true), 20_000);
  const noticesAbsence = () => eventually(async () => expect(await isUp()).toBe(false));

  /** Reads for as long as this harm is done, and shows what callers saw. */
  async function readsDuring(harm: () => Promise<void>): Promise<Reply[]> {
    let isOver = false;
    const readers = Array.from({ length: 20 }, () => load.readUntil(urls, 10, () => isOver));
    await harm();
    isOver = true;
    return (await Promise.all(readers)).flat();
  }

  function expectNoHarm(replies: readonly Reply[]): void {
    expect(Object.keys(countByStatus(replies))).toEqual(['200']);
    expect(replies.length).toBeGreaterThan(100);
    expect(percentile(replies, 0.99)).toBeLessThan(COMMAND_TIMEOUT_MS + UPSTREAM_MS + BUSY * calmMs);
  }

  it('killed and started again: no 5xx, bounded waits, and it is used again', async () => {
    const redis = await RedisServer.start();
    await open(redis.url);
    const replies = await readsDuring(async () => {
      await redis.kill();
      await noticesAbsence();
      await delay(500);
      await redis.run();
      await usesRedis();
    });
    expectNoHarm(replies);
    const before = await redis.commandsProcessed();
    await eventually(async () => {
      await load.read(env.gatewayUrl + fixtures.counts);
      expect((await redis.commandsProcessed()) - before).toBeGreaterThan(10);
    });
    await redis.stop();
  });

  it('paused: no 5xx, bounded waits, and it is used again', async () => {
    const redis = await RedisServer.start();
    await open(redis.url);
    const replies = await readsDuring(async () => {
      redis.signal('SIGSTOP');
      await noticesAbsence();
      await delay(1_000);
      redis.signal('SIGCONT');
      await usesRedis();
    });
    expectNoHarm(replies);
    await redis.stop();
  });

  it('away at start: the gateway is ready, says that it is degraded, and finds Redis later', async () => {
    const redis = new RedisServer(await freePort(), []);
    const gateway = { REDIS_URL: redis.url };
    env = await TestEnvironment.open({ gateway });
    load = new Load(await env.tokenOf('olga'));
    const ready = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
    expect(await ready.json()).toMatchObject({
      status: 'degraded',
      sharedState: { isShared: true, isUp: false },
    });
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
    await redis.run();
    await usesRedis();
    await redis.stop();
  });

  it('failing over behind Sentinel: no 5xx, and the new master is used', async () => {
    const master = await RedisServer.start();
    const replica = await RedisServer.start('--replicaof', '127.0.0.1', String(master.port));
    await eventually(async () =>
      expect(await replica.command('INFO replication')).toContain('master_link_status:up'),
    );
    const sentinels = await startSentinels(master.port);
    await open(sentinelUrl(sentinels));
    const replies = await readsDuring(async () => {
      await master.kill();
      await noticesAbsence();
      await eventually(async () => expect(await replica.command('ROLE')).toContain('master'), 20_000);
      await usesRedis();
    });
    expectNoHarm(replies);
    await Promise.all([master, replica, ...sentinels].map((server) => server.stop()));
  });

  it('a cluster that loses one of its three masters: no 5xx', async () => {
    const nodes = await startCluster();
    await open(clusterUrl(nodes));
    const replies = await readsDuring(async () => {
      await nodes[0]?.kill();
      await delay(3_000);
      await nodes[0]?.run();
      await usesRedis();
    });
    expectNoHarm(replies);
    await Promise.all(nodes.map((node) => node.stop()));
  });
});
