import { readFileSync } from 'node:fs';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

interface Health {
  readonly status: string;
  readonly sharedState: { readonly isUp: boolean; readonly isUsable: boolean; readonly trouble?: string };
}

const healthOf = async (env: TestEnvironment) =>
  (await (await fetch(`${env.gateway(0).managementUrl}/health/ready`)).json()) as Health;

describe('when Redis answers and refuses writes', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      policy: withoutQuotas,
      gateway: { REDIS_URL: redis.url, LOG_LEVEL: 'info' },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const metrics = async () => env.gateway(0).metrics();

  it.each([
    ['out of memory', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ['too few replicas', 'CONFIG SET min-replicas-to-write 1', 'CONFIG SET min-replicas-to-write 0'],
    ['not permitted', 'ACL SETUSER default resetkeys ~other:*', 'ACL SETUSER default allkeys'],
    ['read only', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
  ])('says %s, what to do, and when it is over', async (trouble, harm, mend) => {
    await redis.command(harm);
    await eventually(async () =>
      expect((await healthOf(env)).sharedState).toMatchObject({ isUsable: false, trouble }),
    );
    expect(await healthOf(env)).toMatchObject({ status: 'degraded' });
    expect(await metrics()).toMatch(/^print_gateway_redis_usable 0$/m);
    await eventually(() => expect(env.output.includes(`Redis: ${trouble}. `)).toBe(true));
    expect((await env.as('anna').get(fixtures.counts)).status).toBe(200);
    const refused = await env
      .as('anna')
      .post(printPath(), printRequest(), keyHeader(trouble.replaceAll(' ', '-')));
    expect(refused.body).toMatchObject({ type: '/problems/shared-state-unavailable' });
    await redis.command(mend);
    await eventually(async () => expect((await healthOf(env)).status).toBe('ready'), 5_000);
    expect(await metrics()).toMatch(/^print_gateway_redis_usable 1$/m);
    const print = await env
      .as('anna')
      .post(printPath(), printRequest(), keyHeader(trouble.replaceAll(' ', '-')));
    expect(print.status).toBe(200);
  });
});

describe('a user of Redis with the least rights', () => {
  it('is enough, as the documentation names them', async () => {
    const redis = await RedisServer.start();
    const [rule = ''] =
      /^ACL SETUSER gateway on >password .*$/m.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
    expect(await redis.commandOf(...rule.split(' '))).toBe('OK');
    const url = redis.url.replace('redis://', 'redis://gateway:password@');
    const env = await TestEnvironment.open({ gateway: { REDIS_URL: url, LOG_LEVEL: 'info' } });
    expect(await healthOf(env)).toMatchObject({ status: 'ready', sharedState: { isUsable: true } });
    const key = keyHeader();
    for (let i = 0; i < 2; i += 1)
      expect((await env.as('anna').post(printPath(), printRequest(), key)).status).toBe(200);
    expect((await env.as('anna').get('/api/gateway/v1/jobs')).status).toBe(200);
    expect((await env.as('anna').get('/api/gateway/v1/unknown-prints')).status).toBe(200);
    await env.close();
    expect(env.output).not.toMatch(/Redis: |INFO is not answered/);
    expect(await redis.commandOf('ACL', 'LOG')).toBe('');
    await redis.stop();
  });
});

describe('an error that nobody catches', () => {
  it('is logged and counted, and does not end the process', async () => {
    const errors =
      'process.on("SIGWINCH",()=>{void(Promise.reject(new Error("one")));setTimeout(()=>{throw(new(Error)("two"))})})';
    const env = await TestEnvironment.open({
      gateway: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(errors)}` },
    });
    env.gateway(0).program.signal('SIGWINCH');
    await eventually(() => expect(env.output.split('nobody caught')).toHaveLength(3));
    const text = await env.gateway(0).metrics();
    expect(text).toMatch(/unexpected_errors_total\{kind="rejection"\} 1/);
    expect(text).toMatch(/unexpected_errors_total\{kind="exception"\} 1/);
    expect((await env.as('anna').get(fixtures.counts)).status).toBe(200);
    await env.close();
  });
});
