import { connect } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('a request that no operation takes', () => {
  let env: TestEnvironment;
  let token: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({ gateway: { BODY_LIMIT_BYTES: '20000' } });
    token = await env.tokenOf('olga');
  });
  afterAll(() => env.close());

  const post = (body: string, type = 'application/json') =>
    env.with(token).post(printPath(), body, { 'content-type': type });

  it.each([
    ['an unknown path is 404', () => env.anyone.get('/api/web/v1/users'), 404, 'route-not-found'],
    [
      'a known path with a wrong method is 405',
      () => env.anyone.put(fixtures.counts),
      405,
      'method-not-allowed',
    ],
    [
      'a path that is no percent-encoding is 400',
      () => env.anyone.get('/api/web/v1/%zz'),
      400,
      'malformed-request',
    ],
    ['a body that is no JSON is 400', () => post('{"hopper":'), 400, 'malformed-request'],
    ['a body with __proto__ is 400', () => post('{"__proto__":{}}'), 400, 'invalid-request'],
    [
      'a body that is nested nine thousand times is 400',
      () => post(`{"hopper":${'['.repeat(9_000)}${']'.repeat(9_000)}}`),
      400,
      'invalid-request',
    ],
    ['an empty body is 400', () => post(''), 400, 'malformed-request'],
    [
      'a body that is too large is 413',
      () => post(`{"hopper":"${'x'.repeat(30_000)}"}`),
      413,
      'body-too-large',
    ],
    [
      'a form is 415',
      () => post('hopper=1', 'application/x-www-form-urlencoded'),
      415,
      'unsupported-media-type',
    ],
    ['plain text is 415', () => post('{}', 'text/plain'), 415, 'unsupported-media-type'],
  ])('%s', async (_, ask, status, problem) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.body).toMatchObject({
      type: `/problems/${problem}`,
      status,
      title: expect.any(String),
      detail: expect.any(String),
      code: problem.replaceAll('-', '_'),
      message: response.body.detail,
      instance: expect.stringMatching(/^\//),
      requestId: response.headers['x-request-id'],
    });
  });

  it('says which methods a path has', async () => {
    const response = await env.anyone.post(statusPath(fixtures.unknownId));
    expect(response.headers.allow).toBe('DELETE, GET, HEAD, OPTIONS, PATCH');
  });

  it.each([
    '..%2f..%2fadminapi',
    `${fixtures.printer};x`,
    `${fixtures.printer}%0d%0aX: y`,
    'g'.repeat(36),
    fixtures.printer + 'ff',
    'x'.repeat(500),
  ])('lets nothing but an id into an upstream path: %s', async (id) => {
    const before = await env.emulator.callsOf('getPrintStatus');
    const response = await env.with(token).get(statusPath(id));
    expect([400, 404, 414]).toContain(response.status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(await env.emulator.callsOf('getPrintStatus')).toBe(before);
  });

  it('keeps a sound request id of the caller and replaces any other', async () => {
    const withId = (id: string) => env.anyone.get('/nowhere', { 'x-request-id': id });
    expect((await withId('order-17:a')).headers['x-request-id']).toBe('order-17:a');
    expect((await withId('a"b<script>')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  describe('on the wire', () => {
    const raw = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(env.gatewayUrl).port), '127.0.0.1', () => socket.write(text));
        let answer = '';
        socket.on('data', (chunk) => (answer += chunk.toString())).on('error', reject);
        socket.on('close', () => resolve(answer));
      });
    const lines = (...headers: string[]) =>
      ['GET /api/web/v1/printcounts HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n');

    it('passes with one line of each header', async () => {
      expect(await raw(lines('Host: a', `Authorization: Bearer ${token}`))).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('is answered at a time and under an id, also where it is no HTTP', async () => {
      const answer = await raw('HELLO\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      const date = /^date: (.*)\r$/im.exec(answer)?.[1] ?? '';
      expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(10_000);
      expect(answer).toContain(`"requestId":"${/^x-request-id: (.*)\r$/im.exec(answer)?.[1]}"`);
    });

    it.each([
      ['two Host lines', () => lines('Host: a', 'Host: b', `Authorization: Bearer ${token}`), 400],
      [
        'two Authorization lines',
        () => lines('Host: a', `Authorization: Bearer ${token}`, 'Authorization: Bearer x'),
        400,
      ],
      [
        'an absolute target',
        () => 'GET http://evil.example/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
        400,
      ],
      ['a hundred and one header lines', () => lines('Host: a', ...Array(100).fill('X-A: b')), 431],
      [
        'headers of more than 16 kB',
        () => lines('Host: a', `Authorization: Bearer ${'x'.repeat(20_000)}`),
        431,
      ],
      ['what is no HTTP', () => 'HELLO\r\n\r\n', 400],
      [
        'both Content-Length and Transfer-Encoding',
        () => lines('Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
        400,
      ],
    ])('refuses %s', async (_, text, status) => {
      const answer = await raw(text());
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).toContain('application/problem+json');
    });

    it('counts what is no request, and tells in the log from where it came', async () => {
      const answer = await raw('HELLO\r\n\r\n');
      const requestId = /x-request-id: (\S+)/.exec(answer)?.[1] ?? '';
      await raw(lines('Host: a', `Cookie: ${'x'.repeat(20_000)}`));
      const metrics = await env.gateway(0).metrics();
      for (const status of [400, 431])
        expect(metrics).toMatch(
          new RegExp(`print_gateway_unparsed_requests_total\\{status="${status}"\\} [1-9]`),
        );
      const told = await eventually(() => {
        const all = env.output.split('\n').filter((line) => line.includes('refused before it was a request'));
        expect(all.length).toBeGreaterThan(1);
        return all.map((line) => JSON.parse(line) as Record<string, unknown>);
      });
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(told.find(({ status }) => status === 400)).toMatchObject({
        clientAddress: '127.0.0.1',
        code: expect.stringMatching(/^HPE_/),
        requestId: expect.any(String),
      });
    });
  });
});
