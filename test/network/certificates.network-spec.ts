import { copyFileSync } from 'node:fs';
import { Authority, type Certified } from '../support/authority.js';
import { ConnectProxy } from '../support/connect-proxy.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { TestIssuer } from '../support/issuer.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';
import { TlsFront } from '../support/tls-front.js';

/** Everybody whom the gateway calls is certified by an authority that no system knows, and wants to know who calls. */
describe('a gateway among private certificates', () => {
  let authority: Authority;
  let next: Authority;
  let server: Certified;
  let files: { caFile: string } & Certified;
  let upstream: TlsFront;
  let provider: TlsFront;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<TestIssuer['publishKey']>>;
  let redis: RedisServer;
  let proxy: ConnectProxy;
  let env: TestEnvironment;

  beforeAll(async () => {
    authority = new Authority();
    next = new Authority('Next Authority');
    server = authority.certify('127.0.0.1', 'localhost');
    const client = authority.certify();
    files = {
      caFile: authority.copyOf(authority.caFile),
      certFile: authority.copyOf(client.certFile),
      keyFile: authority.copyOf(client.keyFile),
    };
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('key-1');
    provider = await TlsFront.start(Number(new URL(issuer.url).port), server, authority.ca);
    const tlsPort = await freePort();
    redis = await RedisServer.start(
      ...[
        '--tls-port',
        String(tlsPort),
        '--tls-cert-file',
        server.certFile,
        '--tls-key-file',
        server.keyFile,
      ],
      ...['--tls-ca-cert-file', authority.caFile, '--tls-auth-clients', 'yes', '--appendonly', 'yes'],
    );
    proxy = await ConnectProxy.start();
    const settingsOf = (prefix: string) => ({
      [`${prefix}_CA_FILE`]: files.caFile,
      [`${prefix}_CERT_FILE`]: files.certFile,
      [`${prefix}_KEY_FILE`]: files.keyFile,
    });
    env = await TestEnvironment.open({
      upstreamUrl: async (url) => {
        upstream = await TlsFront.start(Number(new URL(url).port), server, authority.ca + next.ca);
        return upstream.url;
      },
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${provider.url}/jwks' }`,
        ),
      gateway: {
        ...UNCACHED,
        ...settingsOf('IDAAS'),
        ...settingsOf('AUTH'),
        ...settingsOf('REDIS'),
        REDIS_URL: `rediss://127.0.0.1:${tlsPort}`,
        IDAAS_PROXY: proxy.url(),
        IDAAS_CIRCUIT_FAILURES: '1000',
      },
    });
  });
  afterAll(async () => {
    await env.close();
    [upstream, provider].forEach((front) => front.stop());
    await Promise.all([redis.stop(), issuer.stop(), proxy.stop()]);
    [authority, next].forEach((each) => each.dispose());
  });

  const counts = async () => (await env.as('olga').get(fixtures.counts)).status;

  it('prints over TLS through a proxy, with its state in Redis over TLS', async () => {
    expect((await env.as('olga').post(printPath(), printRequest())).status).toBe(200);
    expect(proxy.asked).toContain(new URL(upstream.url).host);
    const ready = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ready', sharedState: { isUsable: true } });
  });

  it('fetches the keys of a provider that wants a certificate', async () => {
    expect((await env.with(issuer.sign(key)).get(fixtures.counts)).status).toBe(200);
  });

  it('takes in changed certificates while it runs', async () => {
    const client = next.certify();
    upstream.show(next.certify('127.0.0.1'));
    expect(await counts()).toBe(502);
    copyFileSync(next.caFile, files.caFile);
    copyFileSync(client.certFile, files.certFile);
    copyFileSync(client.keyFile, files.keyFile);
    await eventually(async () => expect(await counts()).toBe(200));
  });
});

describe('a gateway with faulty certificates', () => {
  it('does not start, and says which file', async () => {
    const authority = new Authority();
    const [one, other] = [authority.certify(), authority.certify()];
    const start = (gateway: Record<string, string>) =>
      TestEnvironment.open({ gateway }).then((env) => env.close());
    await expect(start({ IDAAS_CERT_FILE: one.certFile })).rejects.toThrow(
      'IDAAS_CERT_FILE and IDAAS_KEY_FILE belong together',
    );
    await expect(start({ REDIS_CERT_FILE: one.certFile, REDIS_KEY_FILE: other.keyFile })).rejects.toThrow(
      'the key is not that of the certificate',
    );
    await expect(start({ AUTH_CA_FILE: '/nowhere.pem' })).rejects.toThrow('/nowhere.pem cannot be read');
    authority.dispose();
  });
});
