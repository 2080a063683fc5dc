import { TestEnvironment } from '../support/test-environment.js';
import { requestText, sendRaw } from '../support/raw.js';
import { printPath, fixtures } from '../support/fixtures.js';

const ORIGIN = 'https://cards.example.com';
/** The fast path's, and the framework's. */
const BOTH_WAYS: readonly Record<string, string>[] = [{}, { prefer: 'respond-async' }];
const METADATA = '/.well-known/oauth-protected-resource';

describe('an answer', () => {
  let env: TestEnvironment;
  let olga: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: { HEADERS_TIMEOUT_MS: '500', BODY_LIMIT_BYTES: '70000' },
      policy: (yaml) => `${yaml}\ncors: { origins: ['${ORIGIN}'] }\n`,
    });
    olga = `Authorization: Bearer ${await env.tokenOf('olga')}`;
  });
  afterAll(() => env.close());

  const page = [`Origin: ${ORIGIN}`, 'Connection: close'];
  const raw = (line: string, headers: readonly string[] = [], body = '') =>
    sendRaw(env.gatewayUrl, requestText(line, [...page, ...headers], body)).ended;
  const post = (body: string, type: string, ...headers: string[]) =>
    raw(
      `POST ${printPath()}`,
      [olga, `Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers],
      body,
    );

  it.each<[number, string, () => Promise<string>]>([
    [200, 'to a read', () => raw(`GET ${fixtures.counts}`, [olga])],
    [400, 'to a path that is no percent-encoding', () => raw('GET /%zz')],
    [400, 'to two Host lines', () => raw(`GET ${fixtures.counts}`, ['Host: b'])],
    [400, 'to a body that is no JSON', () => post('{', 'application/json')],
    [400, 'to what is no HTTP', () => sendRaw(env.gatewayUrl, 'HELLO\r\n\r\n').ended],
    [401, 'to nobody', () => raw(`GET ${fixtures.counts}`)],
    [403, 'about a foreign printer', () => raw(`GET ${fixtures.printers}/${fixtures.otherPrinter}`, [olga])],
    [404, 'to an unknown path', () => raw('GET /nowhere')],
    [
      404,
      'about a job that never was',
      () => raw(`GET /api/web/v1/printers/print/${fixtures.unknownId}`, [olga]),
    ],
    [405, 'to a wrong method', () => raw(`PUT ${fixtures.counts}`)],
    [408, 'to headers that do not end', () => sendRaw(env.gatewayUrl, 'GET / HTTP/1.1\r\nX-Slow: ').ended],
    [413, 'to a body that is too long', () => post(' '.repeat(80_000), 'application/json')],
    [414, 'to an id that is too long', () => raw(`GET ${fixtures.printers}/${'a'.repeat(500)}`, [olga])],
    [415, 'to a form', () => post('a=b', 'application/x-www-form-urlencoded')],
    [417, 'to an unknown expectation', () => raw(`GET ${fixtures.counts}`, ['Expect: more'])],
    [431, 'to headers that are too long', () => raw('GET /', [`X-Long: ${'x'.repeat(20_000)}`])],
    [431, 'to too many headers', () => raw('GET /', Array<string>(101).fill('X-A: b'))],
  ])('%i %s can be read by the page that asked, and names its request', async (status, _, ask) => {
    const answer = await ask();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const [head = '', text = ''] = answer.split('\r\n\r\n');
    const headers = new Map(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.toLowerCase().split(': ') as [string, string]),
    );
    expect([ORIGIN, '*']).toContain(headers.get('access-control-allow-origin'));
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id');
    const requestId = headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    if (status >= 400) expect(JSON.parse(text)).toMatchObject({ status, requestId });
  });

  it.each([
    ['names no error where nobody said who is calling', {}, 401, /^Bearer resource_metadata="/],
    [
      'names none for another scheme',
      { authorization: 'Basic b2xnYTp4' },
      401,
      /^Bearer resource_metadata="/,
    ],
    [
      'says what is wrong with a token',
      { authorization: 'Bearer a.b.c' },
      401,
      /^Bearer error="invalid_token", error_description="[^"]+", resource_metadata="/,
    ],
    [
      'says what is wrong with the form of a header',
      { authorization: 'Bearer a b' },
      401,
      /^Bearer error="invalid_token", error_description="[^"]*Bearer <token>", resource_metadata="/,
    ],
  ])('to who is not known %s (RFC 6750 §3)', async (_, headers, status, challenge) => {
    for (const way of BOTH_WAYS) {
      const response = await env.anyone.get(fixtures.counts, { ...headers, ...way });
      expect([response.status, response.headers['www-authenticate']]).toEqual([
        status,
        expect.stringMatching(challenge),
      ]);
    }
  });

  it('to who has not enough says so (RFC 6750 §3.1)', async () => {
    for (const way of BOTH_WAYS) {
      const response = await env.as('nobody').get(fixtures.counts, way);
      expect(response.status).toBe(403);
      expect(response.headers['www-authenticate']).toMatch(
        /^Bearer error="insufficient_scope", error_description="This operation needs REPORTS:VIEW\.", resource_metadata="/,
      );
    }
  });

  it('leads to where a token can be had (RFC 9728)', async () => {
    const refused = await env.anyone.get(fixtures.counts);
    const [, address] =
      /resource_metadata="([^"]+)"/.exec(refused.headers['www-authenticate'] as string) ?? [];
    expect(address).toBe(env.gatewayUrl + METADATA);
    const response = await fetch(address as string);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      resource: env.gatewayUrl,
      authorization_servers: [env.idpUrl],
      bearer_methods_supported: ['header'],
    });
  });

  it.each(['a"b', 'evil.example\\', 'a b'])('repeats no host that is none: %s', async (host) => {
    const text = `GET ${fixtures.counts} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(env.gatewayUrl, text).ended;
    expect(answer.toLowerCase()).toMatch(/www-authenticate: bearer\r\n|http\/1\.1 400 /);
  });
});

describe('a gateway that is told its public origin', () => {
  let env: TestEnvironment;
  beforeAll(
    async () => (env = await TestEnvironment.open({ gateway: { PUBLIC_URL: 'https://print.example.com/' } })),
  );
  afterAll(() => env.close());

  it('goes by that, whatever a request says', async () => {
    const refused = await env.anyone.get(fixtures.counts, { 'x-forwarded-host': 'evil.example' });
    expect(refused.headers['www-authenticate']).toContain(`"https://print.example.com${METADATA}"`);
    expect((await env.anyone.get(METADATA)).body.resource).toBe('https://print.example.com');
  });
});
