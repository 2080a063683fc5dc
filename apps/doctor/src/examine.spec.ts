import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Authority, type Certified } from '../../../test/support/authority.js';
import { ConnectProxy } from '../../../test/support/connect-proxy.js';
import { TestIssuer } from '../../../test/support/issuer.js';
import { TlsFront } from '../../../test/support/tls-front.js';
import { examine } from './examine.js';

describe('an examination', () => {
  const directory = mkdtempSync(join(tmpdir(), 'examine-'));
  let policies = 0;
  let authority: Authority;
  let one: Certified;
  let other: Certified;
  let environment: Record<string, string>;
  beforeAll(() => {
    Logger.overrideLogger(false);
    authority = new Authority();
    one = authority.certify('127.0.0.1');
    other = authority.certify();
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    writeFileSync(join(directory, 'issuer.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    environment = {
      // Where nobody listens.
      IDAAS_BASE_URL: 'http://127.0.0.1:9',
      IDAAS_APPLICATION_ID: 'an-application',
      IDAAS_SHARED_SECRET: 'the-secret-of-the-application',
      POLICY_FILE: policyOf(
        `issuers: [{ issuer: 'https://f.example', audience: a, publicKeyFile: issuer.pub }]`,
      ),
    };
  });
  afterAll(() => {
    authority.dispose();
    rmSync(directory, { recursive: true });
  });

  function policyOf(issuers: string): string {
    const file = join(directory, `policy-${(policies += 1)}.yaml`);
    writeFileSync(file, `${issuers}\nroles: {}\n`);
    return file;
  }

  /** As `check: message` or, where it is not ok, `level check: message`. */
  async function said(settings: Record<string, string>): Promise<string[]> {
    const { findings } = await examine({ ...environment, ...settings }, 5_000);
    return findings.map(
      ({ check, level, message }) => `${level === 'ok' ? '' : `${level} `}${check}: ${message}`,
    );
  }
  const has = (text: RegExp): unknown => expect.arrayContaining([expect.stringMatching(text)]);

  describe('of certificates', () => {
    it.each<[string, () => Record<string, string>, RegExp]>([
      [
        'of the upstream',
        () => ({ IDAAS_CA_FILE: '/nowhere.pem' }),
        /IDAAS_CA_FILE: \/nowhere\.pem cannot be read/,
      ],
      [
        'of identity providers',
        () => ({ AUTH_CA_FILE: one.keyFile }),
        /AUTH_CA_FILE: .* holds no certificate/,
      ],
      [
        'of Redis',
        () => ({ REDIS_CERT_FILE: one.certFile, REDIS_KEY_FILE: other.keyFile }),
        /REDIS_CERT_FILE, REDIS_KEY_FILE: .*: the key is not that of the certificate/,
      ],
      [
        'of the API',
        () => ({ TLS_CERT_FILE: one.certFile, TLS_KEY_FILE: other.keyFile }),
        /TLS_CERT_FILE, TLS_KEY_FILE: .*: the key is not that of the certificate/,
      ],
    ])(
      'says what the gateway would refuse to start with, beside all else: those %s',
      async (_, settings, fault) => {
        const findings = await said(settings());
        expect(findings).toEqual(has(new RegExp(`^failure certificates: ${fault.source}`)));
        expect(findings).toEqual(has(/^policy: /));
        expect(findings).toEqual(has(/^credentials: /));
        if (!('REDIS_CERT_FILE' in settings()))
          expect(findings).toEqual(has(/^warning redis: REDIS_URL is not set/));
      },
    );

    it('asks nobody whose certificates are faulty, and says each fault', async () => {
      const findings = await said({
        IDAAS_CA_FILE: '/nowhere.pem',
        TLS_CERT_FILE: '/no',
        TLS_KEY_FILE: '/no',
      });
      expect(findings.filter((each) => each.startsWith('failure'))).toEqual([
        expect.stringMatching(/^failure certificates: IDAAS_CA_FILE/),
        expect.stringMatching(/^failure certificates: TLS_CERT_FILE, TLS_KEY_FILE/),
      ]);
    });

    it('says of sound ones that they are', async () => {
      const TLS = { TLS_CERT_FILE: one.certFile, TLS_KEY_FILE: one.keyFile };
      expect(await said({ ...TLS, AUTH_CA_FILE: authority.caFile })).toEqual(
        expect.arrayContaining([
          'certificates: AUTH_CA_FILE can be used',
          'certificates: TLS_CERT_FILE, TLS_KEY_FILE can be used',
        ]),
      );
    });
  });

  describe('of the keys of issuers', () => {
    let issuer: TestIssuer;
    let front: TlsFront;
    let proxy: ConnectProxy;
    let POLICY_FILE: string;
    beforeAll(async () => {
      issuer = await TestIssuer.start();
      await issuer.publishKey('k');
      front = await TlsFront.start(Number(new URL(issuer.url).port), one);
      proxy = await ConnectProxy.start({ login: 'user:password-of-the-proxy' });
      POLICY_FILE = policyOf(
        `issuers: [{ issuer: 'https://i.example', audience: a, jwksUri: '${front.url}/jwks' }]`,
      );
    });
    afterAll(async () => {
      front.stop();
      await Promise.all([issuer.stop(), proxy.stop()]);
    });

    it('fetches them as the gateway does: with the authority of the settings, through the proxy', async () => {
      const AUTH_CA_FILE = authority.caFile;
      expect(await said({ POLICY_FILE })).toEqual(
        has(/^failure issuer keys: .*UNABLE_TO_VERIFY_LEAF_SIGNATURE/),
      );
      const direct = await said({ POLICY_FILE, AUTH_CA_FILE });
      expect(direct).toEqual(has(/^issuer keys: .*the keys are there/));
      expect(proxy.asked).toEqual([]);
      const HTTPS_PROXY = proxy.url('user:password-of-the-proxy');
      expect(await said({ POLICY_FILE, AUTH_CA_FILE, HTTPS_PROXY })).toEqual(
        has(/^issuer keys: .*the keys are there/),
      );
      expect(proxy.asked).toEqual([new URL(front.url).host]);
      expect(await said({ POLICY_FILE, AUTH_CA_FILE, HTTPS_PROXY, NO_PROXY: '127.0.0.1' })).toEqual(direct);
      expect(proxy.asked).toHaveLength(1);
    });

    it('says what the proxy says against it, and where to look', async () => {
      const settings = { ...environment, POLICY_FILE, HTTPS_PROXY: proxy.url() };
      const { findings } = await examine(settings, 5_000);
      expect(findings).toContainEqual({
        ...{ check: 'issuer keys', level: 'failure' },
        message: expect.stringMatching(/wants a user and a password \(407\)/),
        advice: expect.stringMatching(/HTTPS_PROXY/),
      });
    });
  });

  it('reaches an upstream whose address is one of IPv6 through a proxy', async () => {
    const proxy = await ConnectProxy.start();
    const upstream = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => upstream.listen(0, '::1', resolve));
    const { port } = upstream.address() as { port: number };
    const findings = await said({ IDAAS_BASE_URL: `http://[::1]:${port}`, IDAAS_PROXY: proxy.url() });
    expect(findings).toEqual(has(/^proxy: http:\/\/\[::1\]:\d+ is reached through the proxy/));
    upstream.close();
    await proxy.stop();
  });
});
