import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestEnvironment, UNCACHED, withoutQuotas } from '../support/test-environment.js';
import { sendRaw } from '../support/raw-http.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

/** OWASP API7:2023, Server Side Request Forgery: nothing of a caller’s, or of an answer’s, decides where the gateway calls. */
describe('API7, the upstream’s address', () => {
  let env: TestEnvironment;
  let elsewhere: Server;
  let elsewhereUrl: string;
  let visits: string[] = [];
  beforeAll(async () => {
    elsewhere = createServer((request, response) => {
      visits.push(`${request.method} ${request.url}`);
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    env = await TestEnvironment.open({
      policy: withoutQuotas,
      gateway: { ...UNCACHED, IDAAS_CIRCUIT_FAILURES: '1000' },
    });
  });
  beforeEach(() => (visits = []));
  afterAll(async () => {
    await env.close();
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  it.each([
    'host',
    'x-forwarded-host',
    'x-forwarded-server',
    'x-original-url',
    'x-rewrite-url',
    'forwarded',
    'referer',
    'origin',
    'link',
    'x-http-method-override',
  ])('is not in the header %s', async (name) => {
    const host = new URL(elsewhereUrl).host;
    const values = [host, elsewhereUrl, `host=${host};proto=http`, '/api/web/v1/adminapi/authenticate'];
    for (const value of values) {
      const head = [
        `GET ${fixtures.counts} HTTP/1.1`,
        ...(name === 'host' ? [] : ['Host: x']),
        `${name}: ${value}`,
      ];
      const token = await env.tokenOf('anna');
      const answer = await sendRaw(
        Number(new URL(env.gatewayUrl).port),
        `${head.join('\r\n')}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400) /);
      expect(answer).not.toContain(host);
    }
    expect(visits).toEqual([]);
    const sent = await env.emulator.lastHeadersOf('getPrintCounts');
    expect(JSON.stringify(sent)).not.toContain(new URL(elsewhereUrl).host);
  });

  it('is not in an id, a query or a body', async () => {
    const host = new URL(elsewhereUrl).host;
    const ids = [
      `@${host}`,
      `//${host}`,
      `..%2f..%2f..%2f${host}`,
      `%2e%2e`,
      `x%3f@${host}`,
      `%0d%0aHost:%20${host}`,
      encodeURIComponent(elsewhereUrl),
    ];
    for (const id of ids)
      for (const path of [statusPath(id), printPath(id), `${fixtures.printers}/${id}`])
        expect([400, 404, 405]).toContain((await env.as('anna').get(path)).status);
    for (const name of ['url', 'host', 'callback', 'hostname', 'webhook'])
      await env.as('anna').get(`${fixtures.printers}?${name}=${encodeURIComponent(elsewhereUrl)}`);
    for (const image of [elsewhereUrl, `file:///etc/passwd`, `data:text/plain;base64,aGk=`]) {
      const body = printRequest({ print: { front: [{ data: image }] } });
      expect((await env.as('anna').post(printPath(), body)).status).toBe(400);
    }
    expect(visits).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('is not where an upstream’s %s points', async (status) => {
    const headers = { location: `${elsewhereUrl}/stolen` };
    for (const operation of ['getPrintCounts', 'print', 'readPrinters'])
      await env.emulator.fault({ operation, kind: 'status', status, body: {}, headers });
    const answers = [
      await env.as('anna').get(fixtures.counts),
      await env.as('anna').get(fixtures.printers),
      await env.as('anna').post(printPath(), printRequest()),
    ];
    await env.emulator.noFaults();
    for (const answer of answers) {
      expect(answer.status).toBe(502);
      expect(answer.headers.location).toBeUndefined();
    }
    expect(visits).toEqual([]);
  });
});
