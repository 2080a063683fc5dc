import { execFileSync } from 'node:child_process';
import { Authority, type Certified } from '../support/authority.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

/** What clients of these servers use; the plain ports are the test's own. */
interface Served {
  readonly url: string;
  readonly servers: readonly RedisServer[];
}

describe('a gateway before a Redis whose certificate is for a name', () => {
  let authority: Authority;
  let named: Certified;
  let served: Served;
  let env: TestEnvironment | undefined;

  beforeAll(() => {
    authority = new Authority();
    named = authority.certify('localhost');
  });
  afterAll(() => authority.dispose());
  afterEach(async () => {
    await env?.close();
    env = undefined;
    await Promise.all(served.servers.map((server) => server.stop()));
  });

  const tlsOptions = (port: number, { certFile, keyFile }: Certified) => [
    ...['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile],
    ...['--tls-ca-cert-file', authority.caFile, '--tls-auth-clients', 'no'],
  ];

  async function cluster(certified: Certified, ...options: string[]): Promise<Served> {
    const ports = [await freePort(), await freePort(), await freePort()];
    const usual = ['--cluster-enabled', 'yes', '--tls-cluster', 'yes', '--appendonly', 'no', ...options];
    const servers = await Promise.all(
      ports.map((port) => RedisServer.start(...usual, ...tlsOptions(port, certified))),
    );
    const nodes = ports.map((port) => `127.0.0.1:${port}`);
    const words = ['--tls', '--cacert', authority.caFile, '--insecure'];
    execFileSync('redis-cli', [...words, '--cluster', 'create', ...nodes, '--cluster-yes'], {
      stdio: 'ignore',
    });
    for (const server of servers)
      await eventually(async () =>
        expect(await server.command('CLUSTER INFO')).toContain('cluster_state:ok'),
      );
    return { servers, url: `rediss+cluster://${ports.map((port) => `localhost:${port}`).join()}` };
  }

  async function sentinel(): Promise<Served> {
    const [masterPort, sentinelPort] = [await freePort(), await freePort()];
    const both = authority.certify('localhost', '127.0.0.1');
    const master = await RedisServer.start(...tlsOptions(masterPort, both), '--tls-replication', 'yes');
    const watching = await RedisServer.sentinel(
      'main',
      masterPort,
      ...tlsOptions(sentinelPort, named),
      ...['--tls-replication', 'yes'],
    );
    return { servers: [master, watching], url: `rediss+sentinel://localhost:${sentinelPort}/main` };
  }

  async function open(settings: Record<string, string> = {}): Promise<TestEnvironment> {
    env = await TestEnvironment.open({
      gateway: { REDIS_URL: served.url, REDIS_CA_FILE: authority.caFile, ...settings },
    });
    return env;
  }

  it.each<[string, () => Promise<Served>, Record<string, string>]>([
    [
      'a cluster that tells its names',
      () =>
        cluster(
          named,
          '--cluster-announce-hostname',
          'localhost',
          '--cluster-preferred-endpoint-type',
          'hostname',
        ),
      {},
    ],
    ['a cluster that tells its addresses', () => cluster(named), {}],
    ['a master behind a sentinel', sentinel, {}],
  ])('prints with %s', async (_, start, settings) => {
    served = await start();
    const { status } = await (await open(settings)).as('olga').post(printPath(), printRequest());
    expect(status).toBe(200);
  });

  it('prints nothing with a cluster whose certificate is for another name, and says so', async () => {
    served = await cluster(authority.certify('other.example'));
    const gateway = await open();
    expect((await gateway.as('olga').post(printPath(), printRequest())).status).toBe(503);
    await eventually(() => expect(gateway.output).toMatch(/Redis: cluster down.*certificates/));
  });
});
