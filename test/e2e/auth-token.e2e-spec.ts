import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIALS, Emulator } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { Program } from '../support/program.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

describe('the upstream’s auth token', () => {
  let env: TestEnvironment;
  let secrets = 0;
  /** Where the output of the test begins. */
  let begin = 0;
  beforeAll(async () => (env = await TestEnvironment.open({ gateway: UNCACHED })));
  afterAll(() => env.close());
  // With other credentials the gateway begins anew: it has no token, and pauses for none.
  beforeEach(async () => {
    begin = env.output.length;
    await changeSecret(`secret-${(secrets += 1)}`);
    await env.emulator.setTokenLife(900_000);
    await env.emulator.reset();
  });

  const said = () => env.output.slice(begin);
  const changeSecret = async (secret: string) => {
    await env.emulator.setSharedSecret(secret);
    env.writeCredentials(secret);
    await eventually(() => expect(said()).toContain('changed credentials are in force'));
  };
  const counts = () => env.as('olga').get(fixtures.counts);
  const print = () => env.as('olga').post(printPath(), printRequest());

  it('is got once for fifty parallel requests that find it expired', async () => {
    await counts();
    await env.emulator.revokeTokens();
    await env.emulator.reset();
    const responses = await Promise.all(Array.from({ length: 50 }, counts));
    expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(await env.emulator.callsOf('authenticate')).toBe(1);
  });

  it('is got anew when the upstream refuses it, and a print goes out once more: one card', async () => {
    await counts();
    await env.emulator.revokeTokens();
    expect((await print()).status).toBe(200);
    await env.emulator.advance(120_000);
    expect(await env.emulator.ledger()).toHaveLength(1);
    expect(await env.emulator.callsOf('print')).toBe(2);
    expect(await env.emulator.callsOf('authenticate')).toBe(2);
  });

  it('is renewed ahead of its end, so that no request meets an expired one', async () => {
    await env.emulator.setTokenLife(1_000);
    await counts();
    await eventually(async () => {
      expect((await counts()).status).toBe(200);
      expect(await env.emulator.callsOf('authenticate')).toBeGreaterThan(2);
    });
    const calls = await env.emulator.callsOf('getPrintCounts');
    await eventually(() =>
      expect(said().match(/"route":"\/api\/web\/v1\/printcounts","status":200/g)).toHaveLength(calls),
    );
  });

  it('that has expired on arrival serves on and is not got in a loop', async () => {
    await env.emulator.setTokenLife(-60_000);
    for (let i = 0; i < 10; i += 1) expect((await counts()).status).toBe(502);
    expect(await env.emulator.callsOf('authenticate')).toBeLessThanOrEqual(3);
  });

  it('that is refused although fresh is not got in a loop either', async () => {
    await env.emulator.fault({ operation: 'getPrintCounts', kind: 'unauthorized' });
    for (let i = 0; i < 10; i += 1) {
      const response = await counts();
      expect(response.status).toBe(502);
      expect(response.body).toMatchObject({ type: '/problems/upstream-credentials-refused' });
    }
    expect(await env.emulator.callsOf('authenticate')).toBeLessThanOrEqual(3);
    expect((await print()).status).toBe(200);
  });

  it('is not asked for again and again with credentials that are refused, until they change', async () => {
    await env.emulator.setSharedSecret('another-secret');
    for (let i = 0; i < 10; i += 1) {
      const response = await counts();
      expect(response.status).toBe(502);
      expect(response.headers['www-authenticate']).toBeUndefined();
    }
    expect(await env.emulator.callsOf('authenticate')).toBeLessThanOrEqual(3);
    env.writeCredentials('another-secret');
    await eventually(async () => expect((await counts()).status).toBe(200));
  });

  it('survives a rotation of the credentials file, and a faulty file changes nothing', async () => {
    await counts();
    begin = env.output.length;
    await changeSecret('rotated-secret-1');
    expect((await counts()).status).toBe(200);
    env.writeCredentials('');
    await eventually(() => expect(said()).toContain('a changed credentials file was refused'));
    expect((await counts()).status).toBe(200);
  });
});

describe('the first authentication', () => {
  it('is tried at the start: with a wrong secret the gateway is not ready, says why, and recovers by itself', async () => {
    const emulator = await Emulator.start();
    const directory = mkdtempSync(join(tmpdir(), 'credentials-'));
    const file = join(directory, 'credentials.json');
    const write = (sharedSecret: string) =>
      writeFileSync(file, JSON.stringify({ ...CREDENTIALS, hostname: 'unused.example.com', sharedSecret }));
    write('a-wrong-secret');
    const port = String(await freePort());
    const gateway = new Program('gateway', {
      PORT: String(await freePort()),
      HOST: '127.0.0.1',
      MANAGEMENT_PORT: port,
      POLICY_FILE: 'config/policy.yaml',
      IDAAS_CREDENTIALS_FILE: file,
      IDAAS_BASE_URL: emulator.url,
      FILE_POLL_MS: '20',
    });
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
      return { status: response.status, body: (await response.json()) as object };
    };
    await gateway.answering(`http://127.0.0.1:${port}/health/live`);
    await eventually(async () =>
      expect(await ready()).toMatchObject({
        status: 503,
        body: { status: 'not ready', notAuthenticated: 'The upstream answered 401 to the authentication.' },
      }),
    );
    await eventually(() => expect(gateway.output).toContain('the upstream cannot be authenticated to'));
    write(CREDENTIALS.sharedSecret);
    await eventually(async () =>
      expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready' } }),
    );
    await Promise.all([gateway.stop(), emulator.stop()]);
    rmSync(directory, { recursive: true });
  });
});
