import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Certificates } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

/** Valid as it stands, although it looks as if it were encoded and is not. */
const PASSWORD = 'p%ss';

interface Health {
  readonly status: string;
  readonly sharedState: { readonly isUp: boolean; readonly isUsable: boolean; readonly trouble?: string };
}

const healthOf = async (env: TestEnvironment, gateway: number) =>
  (await (await fetch(`${env.gateway(gateway).managementUrl}/health/ready`)).json()) as Health;

/** One gateway for each of these settings. */
const gatewaysWith = (settings: readonly Record<string, string>[]) =>
  TestEnvironment.open({
    policy: withoutQuotas,
    gateways: settings.length,
    gateway: { LOG_LEVEL: 'info' },
    each: (index) => settings[index] ?? {},
  });

const isReady = (env: TestEnvironment, gateway: number) =>
  eventually(async () => expect(await healthOf(env, gateway)).toMatchObject({ status: 'ready' }), 15_000);

const says = (env: TestEnvironment, gateway: number, kind: string) =>
  eventually(() => expect(env.gateway(gateway).program.output).toContain(`"msg":"Redis: ${kind}. `), 15_000);

describe('what Redis does not allow', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  const refused = [
    ['a wrong password', 'nobody', '', 'login refused'],
    ['a database that does not exist', 'gateway', '/99', 'no such database'],
    ['a database that its user may not choose', 'chooser', '/1', 'not permitted'],
    ['a prefix that is not its user’s', 'elsewhere', '', 'not permitted'],
  ] as const;

  beforeAll(async () => {
    redis = await RedisServer.start();
    const users = [
      ['gateway', '~print-gateway:*', '&*', '+@all'],
      ['deaf', '~print-gateway:*', 'resetchannels', '+@all'],
      ['chooser', '~print-gateway:*', '&*', '+@all', '-select'],
      ['elsewhere', '~other:*', '&*', '+@all'],
    ];
    for (const [user = '', ...rules] of users)
      await redis.commandOf('ACL', 'SETUSER', user, 'on', `>${PASSWORD}`, ...rules);
    const url = (user: string, path = '') => ({
      REDIS_URL: `${redis.url.replace('//', `//${user}:${PASSWORD}@`)}${path}`,
    });
    env = await gatewaysWith([
      url('gateway'),
      url('deaf'),
      ...refused.map(([, user, path]) => url(user, path)),
    ]);
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  it('is nothing for a user of the prefix alone, whose password has a % in it', async () => {
    await isReady(env, 0);
    const print = await env.as('anna').post(printPath(), printRequest(), keyHeader());
    expect(print.status).toBe(200);
    expect(env.gateway(0).program.output).not.toMatch(/Redis: (not permitted|login|no such)/);
  });

  it('is said of channels: what is told others is not heard, and prints go on', async () => {
    await says(env, 1, 'not permitted');
    await eventually(async () =>
      expect(await healthOf(env, 1)).toMatchObject({
        status: 'degraded',
        sharedState: { isUp: true, isUsable: false, trouble: 'not permitted' },
      }),
    );
    const key = keyHeader();
    for (const isReplay of [false, true]) {
      const print = await env.as('anna', 1).post(printPath(), printRequest(), key);
      expect([print.status, print.headers['idempotency-replayed']]).toEqual([
        200,
        isReplay ? 'true' : undefined,
      ]);
    }
    await redis.commandOf('ACL', 'SETUSER', 'deaf', '&print-gateway:*');
    await isReady(env, 1);
  });

  it.each(refused.map(([what, , , kind], index) => [what, kind, index + 2] as const))(
    'is said of %s, and nothing is printed',
    async (_, kind, gateway) => {
      await says(env, gateway, kind);
      expect(await healthOf(env, gateway)).toMatchObject({ status: 'degraded' });
      expect((await env.as('anna', gateway).get(fixtures.counts)).status).toBe(200);
      expect(
        (await env.as('anna', gateway).post(printPath(), printRequest(), keyHeader())).body,
      ).toMatchObject({ type: '/problems/shared-state-unavailable' });
    },
  );

  it('is nothing that was read: no other key than those of the prefix was asked for', async () => {
    const log = await redis.commandOf('ACL', 'LOG');
    expect(log).not.toMatch(/^gateway$/m);
    expect(await redis.command('CONFIG GET databases')).toContain('16');
    expect(await redis.command('KEYS *')).not.toMatch(/^(?!print-gateway:)./m);
  });
});

describe('Redis over TLS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'redis-tls-'));
  const certificates = new Certificates(directory);
  const { cert: CA } = certificates.authority;
  const ofHost = certificates.of('host', ['DNS:localhost']);
  const ofAnother = certificates.of('another', ['DNS:other.example']);
  const started: RedisServer[] = [];
  let env: TestEnvironment;

  const tls = ({ cert, key } = ofHost, port: number) => [
    ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
    ...['--tls-ca-cert-file', CA, '--tls-auth-clients', 'no'],
  ];
  async function keep(server: Promise<RedisServer>): Promise<RedisServer> {
    started.push(await server);
    return server;
  }

  beforeAll(async () => {
    const ports = await Promise.all([1, 2, 3].map(() => freePort()));
    const [plain = 0, wrong = 0, sentinels = 0] = ports;
    const master = await keep(RedisServer.start(...tls(ofHost, plain)));
    await keep(RedisServer.start(...tls(ofAnother, wrong)));
    const guarded = await keep(RedisServer.sentinel('main', master.port, ...tls(ofHost, sentinels)));
    await guarded.commandOf('ACL', 'SETUSER', 'watcher', 'on', '>watch', 'allchannels', '+@all');
    await guarded.commandOf('ACL', 'SETUSER', 'default', 'resetpass', '>other');
    const behind = (port: number) => ({ REDIS_URL: `redis+sentinel://localhost:${port}/main` });
    const watcher = { REDIS_SENTINEL_USERNAME: 'watcher', REDIS_SENTINEL_PASSWORD: 'watch' };
    env = await gatewaysWith(
      [
        { REDIS_URL: `rediss://localhost:${plain}` },
        { ...behind(guarded.port), ...watcher },
        { ...behind(sentinels), ...watcher, REDIS_SENTINEL_TLS: 'on' },
        behind(guarded.port),
        { REDIS_URL: `rediss://localhost:${wrong}` },
      ].map((settings) => ({ NODE_EXTRA_CA_CERTS: CA, ...settings })),
    );
  });
  afterAll(async () => {
    await env.close();
    await Promise.all(started.map((server) => server.stop()));
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['a server', 0],
    ['a server behind sentinels that want a user of their own', 1],
    ['the same, with sentinels that speak TLS', 2],
  ])('is used as %s', async (_, gateway) => {
    await isReady(env, gateway);
    const print = await env.as('anna', gateway).post(printPath(), printRequest(), keyHeader());
    expect(print.status).toBe(200);
  });

  it.each([
    ['sentinels want a password', 3, 'sentinel login'],
    ['its certificate is of another host', 4, 'certificate'],
  ])('is said to be out of reach when %s', async (_, gateway, kind) => {
    await says(env, gateway, kind);
    expect(await healthOf(env, gateway)).toMatchObject({ status: 'degraded' });
  });
});
