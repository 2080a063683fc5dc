import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { requestText, sendRaw } from '../support/raw.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

/** An upload may last: what was granted when it began must still be granted when it ends. */
describe('a print whose body comes late', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());
  afterEach(async () => {
    env.writePolicy((yaml) => yaml);
    await eventually(async () => {
      expect(await probe()).toBe(200);
      expect((await me()).body.permissions).toContain('ISSUANCE:ADD');
    });
  });

  const me = () => env.as('olga').get('/api/gateway/v1/me');
  /** What a plain request of the same caller is answered now. */
  const probe = async () => (await env.as('olga').get(`${fixtures.printers}/${fixtures.printer}`)).status;
  const body = JSON.stringify(printRequest());

  /** Begins a print, changes the policy when the gateway has let it in, and sends the rest. */
  async function printAcross(change: (yaml: string) => string, isInForce: () => Promise<void>) {
    const lines = [
      `Authorization: Bearer ${await env.tokenOf('olga')}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Expect: 100-continue',
      'Connection: close',
    ];
    const connection = sendRaw(env.gatewayUrl, requestText(`POST ${printPath()}`, lines));
    await eventually(() => expect(connection.received).toContain('100 Continue'));
    env.writePolicy(change);
    await eventually(isInForce);
    const before = await env.emulator.callsOf('print');
    connection.socket.write(body);
    const answer = (await connection.ended).replace('HTTP/1.1 100 Continue\r\n\r\n', '');
    return { answer, printed: (await env.emulator.callsOf('print')) - before };
  }

  it.each<[string, number, string, (yaml: string) => string, () => Promise<void>]>([
    [
      'the permission',
      403,
      'permission-not-granted',
      (yaml) => yaml.replaceAll('ISSUANCE:ADD, ', ''),
      async () => expect((await me()).body.permissions).not.toContain('ISSUANCE:ADD'),
    ],
    [
      'the printer',
      403,
      'printer-not-granted',
      (yaml) => yaml.replaceAll(fixtures.printer, fixtures.unknownId),
      async () => expect(await probe()).toBe(403),
    ],
    [
      'the trust in the issuer',
      401,
      'invalid-token',
      (yaml) => yaml.replace(/issuer: .*/, 'issuer: https://login.example.com/'),
      async () => expect(await probe()).toBe(401),
    ],
  ])('is not printed when %s was taken away meanwhile', async (_, status, problem, change, isInForce) => {
    const { answer, printed } = await printAcross(change, isInForce);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(`/problems/${problem}`);
    expect(printed).toBe(0);
    const metrics = await env.gateway(0).metrics();
    expect(metrics).toMatch(/^print_gateway_body_memory_bytes 0$/m);
  });

  it('cancels nothing either, when the body that came late is an empty one in chunks', async () => {
    const { body: printed } = await env.as('olga').post(printPath(), printRequest());
    const job = statusPath((printed as { printStatus: { id: string } }).printStatus.id);
    const lines = [
      `Authorization: Bearer ${await env.tokenOf('olga')}`,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'Expect: 100-continue',
      'Connection: close',
    ];
    const connection = sendRaw(env.gatewayUrl, requestText(`DELETE ${job}`, lines));
    await eventually(() => expect(connection.received).toContain('100 Continue'));
    env.writePolicy((yaml) => yaml.replaceAll(', ISSUANCE:REMOVE', ''));
    await eventually(async () => expect((await me()).body.permissions).not.toContain('ISSUANCE:REMOVE'));
    connection.socket.write('0\r\n\r\n');
    expect(await connection.ended).toContain('/problems/permission-not-granted');
    expect(await env.emulator.callsOf('cancelPrint')).toBe(0);
  });

  it('is printed when the change took nothing from its caller', async () => {
    const change = (yaml: string) => yaml.replaceAll('REPORTS:VIEW]', 'REPORTS:VIEW, REPORTS:VIEW]');
    const { policyVersion: before } = await ready();
    const { answer, printed } = await printAcross(change, async () =>
      expect((await ready()).policyVersion).not.toBe(before),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(printed).toBe(1);
  });

  async function ready() {
    const response = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
    return (await response.json()) as { policyVersion: string };
  }
});
