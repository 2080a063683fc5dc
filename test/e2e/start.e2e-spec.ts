import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Program } from '../support/program.js';

const directory = mkdtempSync(join(tmpdir(), 'print-gateway-'));
const sound = {
  IDAAS_BASE_URL: 'http://127.0.0.1:9',
  IDAAS_APPLICATION_ID: 'app',
  IDAAS_SHARED_SECRET: 'a-secret-that-must-not-show',
  HOST: '127.0.0.1',
};

function file(name: string, text: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

async function refusalOf(environment: Record<string, string>): Promise<string> {
  const program = new Program('gateway', { ...sound, ...environment });
  expect(await program.ended()).toBe(1);
  expect(program.output).not.toContain(sound.IDAAS_SHARED_SECRET);
  return program.output;
}

describe('the gateway does not start', () => {
  it('when its longest body is more than half of the memory for all of them', async () => {
    const output = await refusalOf({ BODY_MEMORY_BYTES: '20971519' });
    expect(output).toContain(
      'BODY_MEMORY_BYTES (20971519) must be at least twice BODY_LIMIT_BYTES (10485760)',
    );
  });

  it('when settings of different parts do not fit one another, and names both', async () => {
    const output = await refusalOf({ JOBS_RETENTION_DAYS: '10', IDEMPOTENCY_UNKNOWN_DAYS: '11' });
    expect(output).toContain('JOBS_RETENTION_DAYS must be at least as long as IDEMPOTENCY_UNKNOWN_DAYS');
  });

  it('with a faulty environment, and lists every fault at once', async () => {
    const output = await refusalOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      IDAAS_BASE_URL: 'ftp://x',
      IDAAS_READ_ATTEMPTS: '0',
      TRUST_PROXY: '1',
    });
    for (const fault of [
      'PORT must be a whole number from 0 to 65535, not "70000"',
      'LOG_LEVEL must be one of',
      'IDAAS_BASE_URL must be an address',
      'IDAAS_READ_ATTEMPTS must be a whole number from 1 to 10',
      'such as 10.0.0.0/8,192.168.1.7 (not how many there are), not "1"',
    ]) {
      expect(output).toContain(fault);
    }
  });

  it('without a policy, and says which setting names it', async () => {
    const POLICY_FILE = join(directory, 'nowhere.yaml');
    expect(await refusalOf({ POLICY_FILE })).toContain(
      `${POLICY_FILE} cannot be read (ENOENT): set POLICY_FILE to the path of your policy`,
    );
  });

  it('with a misspelt setting that it needs, and says which was probably meant', async () => {
    const output = await refusalOf({ IDAAS_SHARED_SECRET: '', IDAAS_SHARED_SECERT: 'x', REDIS_HOST: 'y' });
    expect(output).toContain('IDAAS_SHARED_SECERT (IDAAS_SHARED_SECRET was probably meant), REDIS_HOST');
  });

  it('without credentials, and says which are missing', async () => {
    const output = await refusalOf({ IDAAS_SHARED_SECRET: '' });
    expect(output).toContain(
      "IDAAS_CREDENTIALS_FILE must name the portal's file, or IDAAS_SHARED_SECRET must be set",
    );
  });

  it('with a faulty credentials file, of which it repeats nothing', async () => {
    const IDAAS_CREDENTIALS_FILE = file('credentials.json', '{"sharedSecret":"shh');
    const output = await refusalOf({
      IDAAS_CREDENTIALS_FILE,
      IDAAS_BASE_URL: '',
      IDAAS_APPLICATION_ID: '',
      IDAAS_SHARED_SECRET: '',
    });
    expect(output).toContain('the credentials file is not a JSON object');
    expect(output).not.toContain('shh');
  });

  it('with a faulty policy, and lists every fault at once', async () => {
    const POLICY_FILE = file(
      'policy.yaml',
      `
issuers:
  - { issuer: 'https://a.example', audience: x, algorithms: [HS256] }
  - { issuer: 'http://b.example', audience: [] }
  - { issuer: 'https://a.example', audience: x, algorithms: [none], publicKeyFile: missing.pem, claims: { name: x } }
roles:
  operator: { permissions: [ISSUANCE:EVERYTHING], printers: [front-desk], features: [laser] }
cors: { origins: ['cards.example.com'] }
extra: 1
`,
    );
    const output = await refusalOf({ POLICY_FILE });
    for (const path of [
      'issuers[1].audience',
      'issuers[2].algorithms',
      'issuers[2].claims.name',
      'roles.operator.permissions',
      'roles.operator.features',
      'cors.origins[0]',
      'extra',
    ]) {
      expect(output).toContain(`- ${path}: `);
    }
  });

  it('with issuers whose fields do not fit each other', async () => {
    const POLICY_FILE = file(
      'issuers.yaml',
      `
issuers:
  - { issuer: 'https://a.example', audience: x, algorithms: [HS256] }
  - { issuer: 'http://b.example', audience: x }
  - { issuer: 'https://a.example', audience: x, jwksUri: 'https://c.example', publicKeyFile: c.pem }
  - { issuer: 'https://d.example', audience: x, publicKeyFile: missing.pem }
  - { issuer: 'https://e.example', audience: x, algorithms: [RS256], secretFile: missing.txt }
roles: {}
`,
    );
    const output = await refusalOf({ POLICY_FILE });
    for (const path of [
      'issuers[0].algorithms',
      'issuers[1].issuer',
      'issuers[2].issuer',
      'issuers[2].jwksUri',
      'issuers[3].publicKeyFile',
      'issuers[4].algorithms',
      'issuers[4].secretFile',
    ]) {
      expect(output).toContain(`- ${path}: `);
    }
  });

  it('on a port in use, and says so in one line', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const output = await refusalOf({ PORT: String(port), MANAGEMENT_PORT: String(await freePort()) });
    expect(output.split('\n')).toContain(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
    server.close();
  });
});

it('the gateway starts while the upstream is away, says that its state is not shared without Redis, and stops with 0 when it is told to', async () => {
  const port = String(await freePort());
  const portal = { applicationId: 'app', hostname: 'https://unused.example.com/', sharedSecret: 'shh' };
  const ofNotepad = Buffer.from(`\uFEFF${JSON.stringify(portal)}`, 'utf16le');
  const credentials = {
    ...{ IDAAS_CREDENTIALS_FILE: file('portal.json', ofNotepad), IDAAS_BASE_URL: '' },
    ...{ IDAAS_APPLICATION_ID: '', IDAAS_SHARED_SECRET: '' },
  };
  const misspelt = { IDAAS_READ_TIMEOUT: '1000', TRUST_PROXY: '10.0.0.0/8,::1' };
  const program = new Program('gateway', {
    ...{ ...sound, ...credentials, ...misspelt },
    PORT: String(await freePort()),
    MANAGEMENT_PORT: port,
  });
  await program.answering(`http://127.0.0.1:${port}/health/live`);
  const ready = (await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json()) as object;
  expect(ready).toMatchObject({ sharedState: { isShared: false, note: 'state is kept in this process' } });
  expect(program.output).toContain('REDIS_URL is not set: state is kept in this process and not shared');
  expect(program.output).toContain(
    'and are ignored: IDAAS_READ_TIMEOUT (IDAAS_READ_TIMEOUT_MS was probably meant)"',
  );
  expect(program.output).toContain(
    'POLICY_FILE is not set: the sample, config/policy.yaml, says who may do what',
  );
  await program.stop();
  expect(await program.ended()).toBe(0);
});

describe('the log of a gateway that starts', () => {
  it('names classes as the code does, although the build puts all of them into one file', async () => {
    const program = new Program('gateway', {
      ...sound,
      PORT: '0',
      MANAGEMENT_PORT: String(await freePort()),
      POLICY_FILE: 'config/policy.yaml',
      LOG_LEVEL: 'debug',
      STOP_GRACE_MS: '0',
    });
    await eventually(() => expect(program.output).toContain('"context":"NestApplication"'));
    await program.stop();
    expect(program.output).toMatch(
      /"context":"InstanceLoader","msg":"TelemetryModule dependencies initialized/,
    );
    expect(program.output).not.toMatch(/"context":"_|\w\d dependencies initialized/);
  });
});
