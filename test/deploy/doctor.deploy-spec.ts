import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Certificates, type Certificate } from '../support/certificates.js';
import { ConnectProxy } from '../support/connect-proxy.js';
import { Installation, said, worse } from '../support/doctor.js';
import { CREDENTIALS, type Emulator } from '../support/emulator.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

describe('the doctor', () => {
  let installation: Installation;
  let emulator: Emulator;
  beforeAll(async () => {
    installation = await Installation.open();
    emulator = installation.emulator;
  });
  afterEach(() => emulator.reset());
  afterAll(() => installation.close());

  it('says it in lines that a person reads, and explains its usage', async () => {
    const { code, output } = await installation.doctor({ RDIS_URL: 'redis://x' });
    expect(code).toBe(0);
    expect(output).toMatch(/^ok +policy +\S+policy.yaml: 1 issuer/m);
    expect(output).toMatch(/^warning +settings +RDIS_URL \(REDIS_URL was probably meant\).*\n +→ /m);
    expect(output).toMatch(/^warning +redis +REDIS_URL is not set/m);
    expect(output).toMatch(/\n0 failure\(s\), 2 warning\(s\)\n$/);
    expect(await installation.doctor({}, '--help')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Usage:/),
    });
    expect(await installation.doctor({}, '--timeout', '0')).toMatchObject({
      code: 2,
      output: expect.stringMatching(/^--timeout takes .*\n\nUsage:/),
    });
  });

  it('lists faults of settings, and those of the policy and the credentials beside one another', async () => {
    expect(await installation.findings({ PORT: '70000', LOG_LEVEL: 'loud' })).toEqual([
      said('settings', 'failure', /^PORT must be/),
      said('settings', 'failure', /^LOG_LEVEL must be/),
    ]);
    const findings = await installation.findings({
      POLICY_FILE: installation.file('faulty.yaml', 'issuers: []\nroles: { a: { permissions: [NONE] } }\n'),
      IDAAS_CREDENTIALS_FILE: join(installation.directory, 'none.json'),
    });
    expect(worse(findings)).toEqual([
      said('policy', 'failure', /faulty\.yaml: issuers/),
      said('policy', 'failure', /faulty\.yaml: roles\.a\.permissions/),
      said('credentials', 'failure', /none\.json cannot be read \(ENOENT\)/),
      said('redis', 'warning', /REDIS_URL is not set/),
    ]);
    expect(
      await installation.findings({ POLICY_FILE: join(installation.directory, 'none.yaml') }),
    ).toContainEqual(said('policy', 'failure', /none\.yaml cannot be read \(ENOENT\)/));
  });

  describe('on the way to IDaaS', () => {
    const certificates = new Certificates(mkdtempSync(join(tmpdir(), 'certificates-')));
    let server: Server | undefined;
    afterEach(() => server?.close());

    async function serving({ cert, key }: Certificate): Promise<string> {
      const tls = { cert: readFileSync(cert), key: readFileSync(key) };
      const https = createHttpsServer(tls, (_request, response) => response.writeHead(200).end('<html>'));
      server = https;
      await once(https.listen(0, '127.0.0.1'), 'listening');
      return `https://localhost:${(https.address() as AddressInfo).port}`;
    }

    it.each<[string, string[], string | undefined, RegExp]>([
      ['of an unknown authority', ['DNS:localhost'], undefined, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
      ['of another host', ['DNS:other.example'], undefined, /ERR_TLS_CERT_ALTNAME_INVALID/],
      ['that has expired', ['DNS:localhost'], '2020-01-01', /CERT_HAS_EXPIRED/],
    ])('says what is wrong with a certificate %s', async (_, hosts, madeAt, code) => {
      const IDAAS_BASE_URL = await serving(certificates.of('upstream', hosts, madeAt));
      const NODE_EXTRA_CA_CERTS = code.source.startsWith('UNABLE') ? '' : certificates.authority.cert;
      const findings = await installation.findings({ IDAAS_BASE_URL, NODE_EXTRA_CA_CERTS });
      expect(findings).toContainEqual(said('tls', 'failure', code));
      expect(findings.some(({ check }) => check === 'authenticate')).toBe(false);
    });

    it('says until when a certificate is good, and that another server answers', async () => {
      const IDAAS_BASE_URL = await serving(certificates.of('upstream', ['DNS:localhost']));
      const findings = await installation.findings({
        IDAAS_BASE_URL,
        NODE_EXTRA_CA_CERTS: certificates.authority.cert,
      });
      expect(findings).toContainEqual(
        said('tls', 'ok', /of upstream by test authority, good for \d+ more day/),
      );
      expect(findings).toContainEqual(said('authenticate', 'failure', /was 200, and not one of IDaaS/));
    });

    it('trusts the authority of the settings, as the gateway does', async () => {
      const IDAAS_BASE_URL = await serving(certificates.of('upstream', ['DNS:localhost']));
      const findings = await installation.findings({
        IDAAS_BASE_URL,
        IDAAS_CA_FILE: certificates.authority.cert,
      });
      expect(findings).toContainEqual(said('tls', 'ok', /of upstream by test authority/));
    });

    it('goes through the proxy that the gateway goes through, and says what that refuses', async () => {
      const proxy = await ConnectProxy.start({ login: 'user:password' });
      const findings = await installation.findings({ IDAAS_PROXY: proxy.url('user:password') });
      expect(findings).toContainEqual(said('proxy', 'ok', /is reached through the proxy 127\.0\.0\.1:/));
      expect(findings.some(({ check }) => ['dns', 'tls'].includes(check))).toBe(false);
      expect(findings).toContainEqual(said('authenticate', 'ok', /./));
      expect(await installation.findings({ IDAAS_PROXY: proxy.url() })).toContainEqual(
        said('proxy', 'failure', /wants a user and a password \(407\)/),
      );
      await proxy.stop();
    });

    it('says when a name is not found, or nobody listens', async () => {
      expect(await installation.findings({ IDAAS_BASE_URL: 'https://idaas.invalid' })).toContainEqual(
        said('dns', 'failure', /idaas\.invalid is not found \((ENOTFOUND|EAI_AGAIN)\)/),
      );
      expect(await installation.findings({ IDAAS_BASE_URL: 'http://127.0.0.1:9' })).toContainEqual(
        said('authenticate', 'failure', /nothing was answered \(ECONNREFUSED\)/),
      );
    });

    it('does not wait for what never answers', async () => {
      const silent = createServer(() => {});
      server = silent;
      await once(silent.listen(0, '127.0.0.1'), 'listening');
      const { port } = silent.address() as AddressInfo;
      const beganAtMs = performance.now();
      const findings = await installation.findings(
        { IDAAS_BASE_URL: `https://127.0.0.1:${port}`, REDIS_URL: `redis://127.0.0.1:${port}` },
        ...['--timeout', '1'],
      );
      expect(worse(findings)).toEqual([
        said('tls', 'failure', /cannot be connected to|did not end within 1 s/),
        said('redis', 'failure', /silent|did not end within 1 s/),
      ]);
      expect(performance.now() - beganAtMs).toBeLessThan(15_000);
    });
  });

  describe('at IDaaS', () => {
    it('tries refused credentials once, and says what to do', async () => {
      const IDAAS_SHARED_SECRET = 'not-the-secret-of-anybody';
      const findings = await installation.findings({ IDAAS_SHARED_SECRET });
      expect(worse(findings)).toContainEqual(
        said('authenticate', 'failure', /refuses the credentials \(401\)/),
      );
      expect(await emulator.callsOf('authenticate')).toBe(1);
    });

    it('tells a clock that is wrong', async () => {
      await emulator.advance(20_000);
      expect(await installation.findings()).toContainEqual(
        said('clock', 'warning', /is (19|2\d)\.\d s behind IDaaS/),
      );
      await emulator.advance(100_000);
      expect(await installation.findings()).toContainEqual(
        said('clock', 'failure', /is 1(19|2\d)\.\d s behind IDaaS/),
      );
      await emulator.advance(-120_000);
    });

    it('says which permission is missing, and who would need it', async () => {
      await emulator.fault({ operation: 'getPrintCounts', kind: 'status', status: 401 });
      await emulator.fault({ operation: 'getPrintStatus', kind: 'html' });
      expect(worse(await installation.findings())).toEqual(
        expect.arrayContaining([
          said('permissions', 'failure', /getPrintStatus was answered with \d+, and not by IDaaS/),
          said(
            'permissions',
            'failure',
            /getPrintCounts .* lacks REPORTS:VIEW, which the policy grants to \w+/,
          ),
        ]),
      );
    });

    it('names printers of the policy that are none', async () => {
      const yaml = installation.policy();
      const unlisted = yaml.replace(
        '0b0db90a-6091-416f-8559-2f2181e941c3',
        'ffffffff-ffff-4fff-bfff-ffffffffffff',
      );
      const findings = await installation.findings({
        POLICY_FILE: installation.file('unlisted.yaml', unlisted),
      });
      expect(findings).toContainEqual(said('printers', 'warning', /names the printer ffffffff-/));
    });

    it('says what the lists of jobs are good for', async () => {
      await emulator.offerLists({ historyJobs: 3 });
      expect(await installation.findings()).toContainEqual(
        said('job lists', 'warning', /newest job is not found .*\(404\)/),
      );
      await emulator.offerLists({ attributes: [] });
      expect(await installation.findings()).toContainEqual(
        said('job lists', 'warning', /not listed newest first: the list of all/),
      );
      await emulator.offerLists({ lists: ['whole'] });
      expect(await installation.findings()).toContainEqual(
        said('job lists', 'warning', /not listed by page: the list of all/),
      );
      await emulator.offerLists({ lists: [] });
      expect(await installation.findings()).toContainEqual(
        said('job lists', 'warning', /has no list of jobs/),
      );
      await emulator.offerLists({ lists: ['pages', 'whole'], attributes: ['Created On'], historyJobs: 0 });
      await emulator.noLists();
      expect(await installation.findings()).toContainEqual(said('job lists', 'failure', /may not list jobs/));
      await emulator.noFaults();
      await printUpstream();
      expect(await installation.findings()).toContainEqual(
        said('job lists', 'ok', /by the ids that print returns/),
      );
    });

    async function printUpstream(): Promise<void> {
      const post = async (path: string, body: object, authorization = '') =>
        (
          await fetch(emulator.url + path, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization },
            body: JSON.stringify(body),
          })
        ).json();
      const { authToken } = (await post('/api/web/v1/adminapi/authenticate', CREDENTIALS)) as {
        authToken: string;
      };
      await post(printPath(), printRequest(), authToken);
    }
  });

  it('says whose keys cannot be had, and why', async () => {
    const issuer = await TestIssuer.start();
    await issuer.publishKey('k');
    const trusting = (name: string) =>
      installation.file('issuers.yaml', `issuers: [{ issuer: '${name}', audience: a }]\nroles: {}\n`);
    expect(await installation.findings({ POLICY_FILE: trusting(issuer.url) })).toContainEqual(
      said('issuer keys', 'ok', /are there/),
    );
    issuer.published = [];
    expect(await installation.findings({ POLICY_FILE: trusting(issuer.url) })).toContainEqual(
      said('issuer keys', 'failure', /publishes no key that can be used/),
    );
    issuer.isAway = true;
    expect(await installation.findings({ POLICY_FILE: trusting(issuer.url) })).toContainEqual(
      said('issuer keys', 'failure', /answered 500, at http/),
    );
    expect(await installation.findings({ POLICY_FILE: trusting('https://issuer.invalid') })).toContainEqual(
      said('issuer keys', 'failure', /cannot be reached: (ENOTFOUND|EAI_AGAIN), at https:\/\/issuer.invalid/),
    );
    await issuer.stop();
  });
});
