import { eventually } from '../support/eventually.js';
import { CREDENTIALS } from '../support/emulator.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('the management port', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateway: { REDIS_URL: redis.url, RESOLUTION_INTERVAL_MS: '100' },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const metrics = async () => env.gateway(0).metrics();
  const value = async (line: string) => {
    const found = (await metrics()).split('\n').find((each) => each.startsWith(`print_gateway_${line} `));
    return found === undefined ? undefined : Number(found.split(' ').at(-1));
  };

  it('counts and measures what happens', async () => {
    const key = keyHeader();
    const { body } = await env.as('olga').post(printPath(), printRequest(), key);
    await env.as('olga').post(printPath(), printRequest(), key);
    await env.as('victor').post(printPath(), printRequest());
    for (let i = 0; i < 3; i += 1) await env.as('olga').get(fixtures.counts);
    await env.as('olga').get(statusPath(String(body.printStatus.id)));
    const route = 'method="GET",route="/api/web/v1/printcounts",status="200"';
    expect(await value(`request_duration_seconds_count{${route}}`)).toBe(3);
    expect(await value('upstream_duration_seconds_count{operation="print",outcome="200"}')).toBe(1);
    expect(await value('cache_answers_total{kind="counts",outcome="miss"}')).toBe(1);
    expect(await value('cache_answers_total{kind="counts",outcome="hit"}')).toBe(2);
    const operations = async (outcome: string, problem: string) =>
      value(`operations_total{operation="print",outcome="${outcome}",problem="${problem}"}`);
    expect(await operations('done', '')).toBe(1);
    expect(await operations('replayed', '')).toBe(1);
    expect(await operations('refused', 'permission-not-granted')).toBe(1);
  });

  it('has a row for each way in which a print fails before the first one does, so that its rate can be seen', async () => {
    const labels = (status: number) =>
      `method="POST",route="/api/web/v1/printers/:printerId/print",status="${status}"`;
    for (const status of [500, 502, 503, 504])
      expect(await value(`request_duration_seconds_count{${labels(status)}}`)).toBe(0);
  });

  it('tells the state of the parts', async () => {
    expect(await value('redis_up')).toBe(1);
    expect(await value('circuit_open')).toBe(0);
    expect(await value('auth_token_renewals')).toBe(1);
    expect(await value('auth_token_age_seconds')).toBeGreaterThanOrEqual(0);
    expect(await value('event_streams')).toBe(0);
    expect(await metrics()).toMatch(/print_gateway_policy_info\{version="[0-9a-f]{12}"\} 1/);
    expect(await metrics()).toContain('nodejs_eventloop_lag_p99_seconds');
    await env.emulator.noLists();
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    await env.as('olga').post(printPath(), printRequest(), keyHeader());
    await eventually(async () => expect(await value('unknown_outcomes')).toBe(1));
  });

  it('has no label that grows with what callers send', async () => {
    const { body } = await env.as('olga').post(printPath(), printRequest(), keyHeader());
    await env.as('olga').get(statusPath(String(body.printStatus.id)));
    await env.anyone.get('/nothing/here');
    const text = await metrics();
    expect(text).toContain('route="none",status="404"');
    // Issuers are the policy's, and few; of tenants a hundred are counted by name (`TenantLabels`).
    const ofCallers = text.replaceAll(
      /^print_gateway_(issuer_keys_age_seconds|tenant_operations_total)\{.*$/gm,
      '',
    );
    for (const hidden of [
      'olga',
      'acme',
      fixtures.printer,
      String(body.printStatus.id),
      '/nothing/here',
      env.idpUrl,
    ])
      expect(ofCallers).not.toContain(hidden);
  });

  it('says ready, and degraded without Redis and while the upstream refuses our credentials', async () => {
    const ready = async () => {
      const response = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
      return { status: response.status, body: (await response.json()) as object };
    };
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready' } });
    await redis.kill();
    await eventually(async () =>
      expect(await ready()).toMatchObject({ status: 200, body: { status: 'degraded' } }),
    );
    expect(await value('redis_up')).toBe(0);
    await redis.run();
    await eventually(async () => expect(await ready()).toMatchObject({ body: { status: 'ready' } }));
    env.writeCredentials('a wrong secret');
    await eventually(async () => {
      await env.as('olga').get(fixtures.printers);
      expect(await ready()).toMatchObject({
        status: 200,
        body: { status: 'degraded', areCredentialsRefused: true },
      });
    });
    expect(await value('credentials_refused')).toBe(1);
    expect((await env.as('olga').get('/api/gateway/v1/me')).status).toBe(200);
    env.writeCredentials(CREDENTIALS.sharedSecret);
    await eventually(async () => expect(await ready()).toMatchObject({ body: { status: 'ready' } }));
  });
});
