import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

/** A failover to a replica that has not seen the last writes is how an acknowledged mark gets lost. */
describe('a print behind a Redis with a replica', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    master = await RedisServer.start('--appendonly', 'yes');
    replica = await RedisServer.start('--appendonly', 'yes', '--replicaof', '127.0.0.1', String(master.port));
    await eventually(async () => expect(await replica.command('ROLE')).toContain('connected'));
    env = await TestEnvironment.open({
      policy: withoutQuotas,
      gateway: { REDIS_URL: master.url, REDIS_MIN_REPLICAS: '1', REDIS_REPLICAS_TIMEOUT_MS: '300' },
    });
  });
  afterAll(async () => {
    await env.close();
    await Promise.all([master.stop(), replica.stop()]);
  });

  const print = (key: string) => env.as('olga').post(printPath(), printRequest(), keyHeader(key));

  it('is sent once its mark is on the replica: the key is known there', async () => {
    const key = randomUUID();
    expect((await print(key)).status).toBe(200);
    expect((await print(key)).headers['idempotency-replayed']).toBe('true');
    expect(await replica.command('KEYS *claim')).toMatch(/:claim$/);
  });

  it('is refused and not sent when the replica does not have its mark, and sent when it has again', async () => {
    const before = await env.emulator.callsOf('print');
    const key = randomUUID();
    replica.signal('SIGSTOP');
    const refused = await print(key);
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ type: '/problems/shared-state-unavailable' });
    expect(await env.emulator.callsOf('print')).toBe(before);
    replica.signal('SIGCONT');
    await eventually(async () => expect((await print(key)).status).toBe(200));
    expect(await env.emulator.callsOf('print')).toBe(before + 1);
  });

  it('says at start where Redis is not set up for it', () => {
    expect(env.output).not.toContain('appendonly is off');
    expect(env.output).not.toContain('of REDIS_MIN_REPLICAS=1 replicas are there');
  });
});

describe('a print behind a Redis that forgets', () => {
  it('is warned of in the log', async () => {
    const redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru');
    const env = await TestEnvironment.open({ gateway: { REDIS_URL: redis.url, REDIS_MIN_REPLICAS: '1' } });
    await eventually(() => {
      expect(env.output).toContain('appendonly is off');
      expect(env.output).toContain('maxmemory-policy is allkeys-lru, not noeviction');
      expect(env.output).toContain('0 of REDIS_MIN_REPLICAS=1 replicas are there');
    });
    await env.close();
    await redis.stop();
  });
});
