import { connect } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printPath, fixtures } from '../support/fixtures.js';

const ORIGIN = 'https://cards.example.com';

describe('browsers', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: { HEADERS_TIMEOUT_MS: '500', BODY_IDLE_TIMEOUT_MS: '500' },
      policy: (yaml) => `${yaml}\ncors: { origins: ['${ORIGIN}'], headers: [baggage, Sentry-Trace] }\n`,
    });
  });
  afterAll(() => env.close());

  const preflight = (origin: string, headers: string) =>
    env.anyone.options(printPath(), {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    });

  it('are allowed to send and read for the origins of the policy, without a token for asking', async () => {
    const asked = await preflight(ORIGIN, 'authorization,content-type,idempotency-key,x-print-label');
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-max-age': '600',
    });
    for (const header of [
      'authorization',
      'idempotency-key',
      'x-print-label',
      'last-event-id',
      'if-none-match',
    ])
      expect(asked.headers['access-control-allow-headers']).toContain(header);
    const answered = await env.as('olga').get(fixtures.counts, { origin: ORIGIN });
    expect(answered.headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(answered.headers.vary).toMatch(/origin/i);
    for (const header of ['etag', 'retry-after', 'idempotency-replayed', 'ratelimit'])
      expect(answered.headers['access-control-expose-headers']).toContain(header);
    expect(answered.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('are allowed to send the headers that the policy names too', async () => {
    const asked = await preflight(ORIGIN, 'baggage,sentry-trace,tracestate');
    const allowed = (asked.headers['access-control-allow-headers'] ?? '').split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'baggage', 'sentry-trace', 'tracestate']),
    );
  });

  it('are not allowed to for any other', async () => {
    for (const origin of ['https://evil.example.com', 'null', `${ORIGIN}.evil.example.com`]) {
      const asked = await preflight(origin, 'authorization');
      expect(asked.headers['access-control-allow-origin']).toBeUndefined();
      expect([asked.status, (asked.body as { type: string }).type]).toEqual([
        403,
        '/problems/origin-not-allowed',
      ]);
      const answered = await env.as('olga').get(fixtures.counts, { origin });
      expect(answered.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('may read why they were refused', async () => {
    const refused = await env.anyone.get(fixtures.counts, { origin: ORIGIN });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, ORIGIN]);
  });

  it('are told of a changed policy with the next request', async () => {
    env.writePolicy((yaml) => `${yaml}\ncors: { origins: ['https://new.example.com'] }\n`);
    await eventually(async () => {
      const asked = await preflight('https://new.example.com', 'authorization');
      expect(asked.headers['access-control-allow-origin']).toBe('https://new.example.com');
    });
    expect((await preflight(ORIGIN, 'authorization')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('are told that an answer is data and nothing else, and not what made it', async () => {
    const { headers } = await env.as('olga').get(fixtures.counts);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'strict-transport-security': expect.stringContaining('max-age='),
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'SAMEORIGIN',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers.server).toBeUndefined();
  });

  it.each([
    ['headers', 'X-Slow: '],
    ['a body', 'Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{'],
  ])('and all others who take their time over %s are answered 408', async (_, begun) => {
    const { hostname, port } = new URL(env.gatewayUrl);
    const socket = connect(Number(port), hostname);
    const token = await env.tokenOf('olga');
    socket.write(`POST ${printPath()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${begun}`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('/problems/request-too-slow');
  });
});
