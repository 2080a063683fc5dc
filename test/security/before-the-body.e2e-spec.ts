import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { requestText, sendRaw } from '../support/raw.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const MUCH = 10_000_000;
const JSON_TYPE = 'Content-Type: application/json';

describe('a request with a body', () => {
  let env: TestEnvironment;
  let olga: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      policy: (yaml) => yaml.replace(/(viewer:[^]*?)limits: .*/, '$1limits: { requestsPerMinute: 1 }'),
    });
    olga = `Authorization: Bearer ${await env.tokenOf('olga')}`;
  });
  afterAll(() => env.close());

  const send = (line: string, headers: readonly string[], body = '') =>
    sendRaw(env.gatewayUrl, requestText(line, [JSON_TYPE, ...headers], body));
  const bearer = async (who: string) => `Authorization: Bearer ${await env.tokenOf(who)}`;
  const print = (printer?: string) => `POST ${printPath(printer)}`;

  const refusals: [string, number, () => Promise<[string, string]>][] = [
    ['by nobody', 401, () => Promise.resolve([print(), 'X-Nobody: 1'])],
    ['with what is no token', 401, () => Promise.resolve([print(), 'Authorization: Bearer a.b.c'])],
    ['without the permission', 403, async () => [print(), await bearer('victor')]],
    ['on a foreign printer', 403, () => Promise.resolve([print(fixtures.otherPrinter), olga])],
    ['on what is no printer', 400, () => Promise.resolve([print('x'), olga])],
    ['to no route', 404, () => Promise.resolve(['POST /nowhere', olga])],
    ['by a method that the path has not', 405, () => Promise.resolve([`PUT ${fixtures.counts}`, olga])],
    ['to a path that is no path', 400, () => Promise.resolve(['POST /%zz', olga])],
    ['to a public page', 405, () => Promise.resolve(['POST /openapi.json', olga])],
    ['of GET, to nobody', 401, () => Promise.resolve([`GET ${fixtures.counts}`, 'X-Nobody: 1'])],
  ];

  it.each(refusals)(
    'that is refused %s is answered before any of its body came, and closed',
    async (_, status, of) => {
      const [line, who] = await of();
      const { ended } = send(line, [who, `Content-Length: ${MUCH}`]);
      const answer = await ended;
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
      expect(answer).toContain(`"status":${status}`);
    },
  );

  it('is refused so in chunks too, whatever their length will be', async () => {
    const { ended } = send(print(), ['Transfer-Encoding: chunked'], 'ffffff\r\n{');
    expect(await ended).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('that goes on after it was refused is not taken for another request', async () => {
    const hidden = requestText(`GET ${fixtures.counts}`, [olga]);
    const { ended } = send(print(), [`Content-Length: ${hidden.length}`], hidden + hidden);
    const answer = await ended;
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('gets its refusal, not a reset, also who sends all of it first', async () => {
    const response = await fetch(env.gatewayUrl + printPath(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a.b.c' },
      body: '['.repeat(MUCH),
    });
    expect(response.status).toBe(401);
    expect(((await response.json()) as { type: string }).type).toBe('/problems/invalid-token');
  });

  it('is counted against the rate before its body is read', async () => {
    const who = [await bearer('victor'), `Content-Length: ${MUCH}`];
    await env.as('victor').get(fixtures.printers);
    await env.as('victor').get(fixtures.printers);
    await eventually(async () => {
      expect(await send(`GET ${fixtures.printers}`, who).ended).toMatch(/^HTTP\/1\.1 429 /);
    });
  });

  it('keeps the connection of who was refused without a body', async () => {
    const connection = sendRaw(env.gatewayUrl, requestText(`GET ${statusPath(fixtures.unknownId)}`, []));
    await eventually(() => expect(connection.received).toMatch(/^HTTP\/1\.1 401 /));
    expect(connection.received.toLowerCase()).not.toContain('connection: close');
    connection.socket.destroy();
  });

  describe('whose caller asks first (Expect: 100-continue)', () => {
    const body = JSON.stringify(printRequest());
    const asking = ['Expect: 100-continue', `Content-Length: ${body.length}`];

    it('is asked for when it is allowed, and done', async () => {
      const connection = send(print(), [olga, ...asking]);
      await eventually(() => expect(connection.received).toBe('HTTP/1.1 100 Continue\r\n\r\n'));
      connection.socket.write(body);
      await eventually(() => expect(connection.received).toMatch(/\r\n\r\nHTTP\/1\.1 200 /));
      connection.socket.destroy();
    });

    it.each(refusals)('is not asked for when it is refused %s', async (_, status, of) => {
      const [line, who] = await of();
      expect(await send(line, [who, ...asking]).ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    });

    it('is refused with 417 when anything else is expected', async () => {
      const answer = await send(print(), [olga, 'Expect: a-miracle', `Content-Length: ${body.length}`]).ended;
      expect(answer).toMatch(/^HTTP\/1\.1 417 /);
      expect(answer).toContain('/problems/expectation-failed');
    });
  });
});
