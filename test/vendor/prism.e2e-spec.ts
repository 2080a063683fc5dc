import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';
import { vendorDocument } from './vendor-document.js';

const INSTALL_MS = 180_000;

describe('a public mock server, fed with the vendor’s document, in the place of the upstream', () => {
  let prism: ChildProcess;
  let env: TestEnvironment;
  let prismUrl = '';
  let written = '';

  beforeAll(async () => {
    const port = await freePort();
    const packages = ['-p', 'node@24', '-p', '@stoplight/prism-cli'];
    const options = ['mock', '--port', String(port), vendorDocument()];
    prismUrl = `http://127.0.0.1:${port}`;
    prism = spawn('npx', ['--yes', ...packages, 'prism', ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    prism.stdout?.on('data', (chunk: Buffer) => (written += chunk.toString()));
    prism.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()));
    await eventually(() => expect(written).toContain('Prism is listening'), INSTALL_MS);
    env = await TestEnvironment.open({ gateway: { IDAAS_BASE_URL: prismUrl } });
  }, INSTALL_MS);
  afterAll(async () => {
    await env.close();
    process.kill(-(prism.pid ?? 0), 'SIGTERM');
    await once(prism, 'exit');
  });

  it('accepts the authentication and every operation', async () => {
    const operator = env.as('sonja');
    const stripe = { coercivity: 'HIGH', track2: '3B31', trackType: 'IAT' };
    const commands = [{ type: 'APDU', command: 'FD3500000100', resultMatcher: '9*' }];
    const request = printRequest({
      hopper: 1,
      magstripe: { front: stripe },
      smartcard: { commands },
      printerPreferences: { copies: 2 },
    });
    const printed = await operator.post(printPath(), request, keyHeader());
    expect(printed.status).toBe(200);
    const job = statusPath(printed.body.printStatus.id as string);
    expect((await operator.get(job)).status).toBe(200);
    expect((await operator.patch(job, { smartcard: { commands } })).status).toBe(202);
    expect((await operator.delete(job)).status).toBe(204);
    expect((await operator.get(fixtures.counts)).status).toBe(200);
    expect((await operator.get(fixtures.printers)).body).toEqual([
      expect.objectContaining({ id: expect.any(String) }),
    ]);
    expect((await operator.get(`${fixtures.printers}/${fixtures.printer}`)).status).toBe(200);
    expect(written).toContain('authenticate');
    expect(written).not.toContain('Request did not pass');
  });

  it('would have refused a request that breaks the document', async () => {
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
    const response = await fetch(prismUrl + printPath(), {
      method: 'POST',
      headers,
      body: '{"hopper":"one"}',
    });
    expect(response.status).toBe(400);
    await eventually(() => expect(written).toContain('Request did not pass'));
  });
});
