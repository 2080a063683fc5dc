import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectProxy } from '../support/connect-proxy.js';
import { CREDENTIALS, Emulator } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { Program } from '../support/program.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';
import { NetworkNamespace } from './namespace.js';

const LOGIN = 'gateway:p%40ss-of-the-proxy';
const PLAIN_LOGIN = 'gateway:p@ss-of-the-proxy';

/** The upstream, the identity provider and the collector are in another network: only the proxy stands in both. */
describe('a gateway whose only way out is a proxy', () => {
  let network: NetworkNamespace;
  let proxy: ConnectProxy;
  let collector: Server;
  let exports: number;
  /** Of opaque tokens. */
  let issuer: Server;
  let env: TestEnvironment;
  beforeAll(async () => {
    network = new NetworkNamespace();
    proxy = await ConnectProxy.start({ host: network.outside, login: PLAIN_LOGIN });
    exports = 0;
    collector = createServer((request, response) => {
      exports += 1;
      request.resume().on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const collectorPort = (collector.address() as AddressInfo).port;
    const claims = { sub: 'opal', aud: 'print-gateway', tid: 'acme', roles: ['card-operator'] };
    issuer = createServer((request, response) => {
      request.resume().on('end', () => response.end(JSON.stringify({ active: true, ...claims })));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://${hostOf(issuer)}/introspect`;
    const introspection = `{ endpoint: '${endpoint}', clientId: gateway, clientSecretFile: secret, tokenPrefix: op_ }`;
    env = await TestEnvironment.open({
      files: { secret: 'secret-of-the-client' },
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:\n  - { issuer: 'https://opaque.example', audience: print-gateway, introspection: ${introspection} }`,
        ),
      start: () => ({ prefix: network.prefix }),
      gateway: {
        ...UNCACHED,
        HOST: network.inside,
        HTTP_PROXY: proxy.url(LOGIN),
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}`,
        OTEL_BSP_SCHEDULE_DELAY: '50',
      },
    });
  });
  afterAll(async () => {
    await env.close();
    expect(env.output).not.toContain('ss-of-the-proxy');
    await proxy.stop();
    collector.close();
    issuer.closeAllConnections();
    issuer.close();
    network.dispose();
  });

  const hostOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  it('prints and reads, checks tokens and sends traces', async () => {
    const printed = await env.as('olga').post(printPath(), printRequest());
    expect([printed.status, printed.body]).toEqual([200, expect.anything()]);
    expect((await env.as('olga').get(statusPath(printed.body.printStatus.id as string))).status).toBe(200);
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
    await eventually(() => expect(exports).toBeGreaterThan(0));
    expect(new Set(proxy.asked)).toEqual(
      new Set([new URL(env.emulator.url).host, new URL(env.idpUrl).host, hostOf(collector)]),
    );
  });

  it('asks an issuer about its tokens', async () => {
    expect((await env.with('op_aque').get(fixtures.counts)).status).toBe(200);
    expect(proxy.asked).toContain(hostOf(issuer));
  });

  it('sends nothing where the proxy opens no connection: a print is free to be tried again', async () => {
    const key = { 'idempotency-key': 'without-a-way-out' };
    const print = () => env.as('olga').post(printPath(), printRequest(), key);
    const before = await env.emulator.callsOf('print');
    // Connections that are open stay so, for as long as they are used.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    proxy.status = 403;
    const refused = await print();
    proxy.status = undefined;
    expect(refused.status).toBe(502);
    expect(refused.body).toMatchObject({
      type: '/problems/upstream-unreachable',
      detail: 'The proxy opens no connection: it answered 403 to CONNECT.',
    });
    expect(await env.emulator.callsOf('print')).toBe(before);
    expect((await print()).status).toBe(200);
    expect(await env.emulator.callsOf('print')).toBe(before + 1);
  });
});

describe('a gateway that cannot use its proxy', () => {
  let emulator: Emulator;
  let network: NetworkNamespace;
  let proxy: ConnectProxy;
  beforeAll(async () => {
    emulator = await Emulator.start();
    network = new NetworkNamespace();
    proxy = await ConnectProxy.start({ host: network.outside, login: PLAIN_LOGIN });
  });
  afterAll(async () => {
    await Promise.all([emulator.stop(), proxy.stop()]);
    network.dispose();
  });

  /** Why the gateway is not ready, with these settings. */
  async function obstacle(settings: Record<string, string>): Promise<{ said: string; output: string }> {
    const gateway = new Program(
      'gateway',
      {
        ...{ PORT: '3000', MANAGEMENT_PORT: '3001', HOST: network.inside, POLICY_FILE: 'config/policy.yaml' },
        IDAAS_BASE_URL: emulator.url,
        IDAAS_APPLICATION_ID: CREDENTIALS.applicationId,
        IDAAS_SHARED_SECRET: CREDENTIALS.sharedSecret,
        ...settings,
      },
      { prefix: network.prefix },
    );
    const management = `http://${network.inside}:3001/health`;
    try {
      await gateway.answering(`${management}/live`);
      const said = await eventually(async () => {
        const { notAuthenticated } = (await (await fetch(`${management}/ready`)).json()) as Record<
          string,
          string
        >;
        if (notAuthenticated === 'not authenticated yet') throw new Error(notAuthenticated);
        return notAuthenticated ?? 'ready';
      });
      return { said, output: gateway.output };
    } finally {
      await gateway.stop('SIGKILL');
    }
  }

  it('says that the password is missing, or wrong, and shows none', async () => {
    const without = await obstacle({ IDAAS_PROXY: proxy.url() });
    expect(without.said).toMatch(/^The proxy wants a user and a password \(407\)/);
    const wrong = await obstacle({ IDAAS_PROXY: proxy.url('gateway:another-password') });
    expect(wrong.said).toBe('The proxy refuses the user and password of its address (407).');
    expect(wrong.output).not.toContain('another-password');
    expect(wrong.output).not.toContain(Buffer.from('gateway:another-password').toString('base64'));
  });

  it('goes through the proxy for the upstream alone, whatever the others say', async () => {
    const settings = { IDAAS_PROXY: proxy.url(LOGIN), NO_PROXY: '*', HTTP_PROXY: 'http://10.255.255.1:1' };
    expect((await obstacle(settings)).said).toBe('ready');
  });

  it('reaches nothing past it where NO_PROXY says so, or where it is away', async () => {
    const direct = await obstacle({ HTTP_PROXY: proxy.url(LOGIN), NO_PROXY: '127.0.0.0/8' });
    expect(direct.said).toBe('The connection to the upstream failed.');
    const away = await obstacle({ HTTP_PROXY: `http://${network.outside}:1` });
    expect(away.said).toBe('The proxy cannot be reached (ECONNREFUSED).');
  });
});
