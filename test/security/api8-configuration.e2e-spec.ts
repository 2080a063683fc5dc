import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { everyOperation, pathFor } from '../support/operations.js';
import { sendRaw, statusesOf } from '../support/raw-http.js';
import { printPath, fixtures } from '../support/fixtures.js';

/** OWASP API8:2023, Security Misconfiguration. What browsers are told is in browsers.e2e-spec.ts. */
describe('API8, configuration', () => {
  let env: TestEnvironment;
  let token: string;
  let port: number;
  beforeAll(async () => {
    env = await TestEnvironment.open({ policy: withoutQuotas, gateway: { BODY_LIMIT_BYTES: '20000' } });
    token = await env.tokenOf('anna');
    port = Number(new URL(env.gatewayUrl).port);
  });
  afterAll(() => env.close());

  const send = (start: string, lines: readonly string[] = [], body = '') =>
    sendRaw(
      port,
      [start, 'Host: x', `Authorization: Bearer ${token}`, 'Connection: close', ...lines, '', body].join(
        '\r\n',
      ),
    );

  it.each(['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'PUT', 'LINK', 'QUERY', 'DEBUG', 'get', 'GETS'])(
    'no operation answers %s',
    async (method) => {
      for (const operation of everyOperation()) {
        const answer = await send(`${method} ${pathFor(operation, fixtures.printer)} HTTP/1.1`, [
          'X-Probe: echo-of-the-probe',
        ]);
        // What Node's parser does not know it does not answer in words: it ends the connection.
        for (const status of statusesOf(answer)) expect([400, 404, 405, 501]).toContain(status);
        expect(answer).not.toContain('echo-of-the-probe');
      }
    },
  );

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
    '%s changes no method',
    async (name) => {
      const calls = async () => [
        await env.emulator.callsOf('cancelPrint'),
        await env.emulator.callsOf('print'),
      ];
      const before = await calls();
      await send(`GET ${printPath()} HTTP/1.1`, [`${name}: POST`]);
      await send(
        `GET ${pathFor(everyOperation().find(({ name: each }) => each === 'cancelPrint') as never, fixtures.unknownId)}?_method=DELETE HTTP/1.1`,
        [`${name}: DELETE`],
      );
      expect(await calls()).toEqual(before);
    },
  );

  const refusals: [string, number, () => Promise<string>][] = [
    ['a path that is none', 404, () => send('GET /nowhere HTTP/1.1')],
    ['a method that is none', 405, () => send(`PUT ${fixtures.counts} HTTP/1.1`)],
    ['a path that cannot be read', 400, () => send('GET /api/web/v1/%zz HTTP/1.1')],
    [
      'no token',
      401,
      () => sendRaw(port, `GET ${fixtures.counts} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    ],
    [
      'what is no JSON',
      400,
      () =>
        send(`POST ${printPath()} HTTP/1.1`, ['Content-Type: application/json', 'Content-Length: 2'], '{,'),
    ],
    [
      'another media type',
      415,
      () => send(`POST ${printPath()} HTTP/1.1`, ['Content-Type: text/xml', 'Content-Length: 4'], '<a/>'),
    ],
    [
      'a body that is too long',
      413,
      () => send(`POST ${printPath()} HTTP/1.1`, ['Content-Type: application/json', 'Content-Length: 30000']),
    ],
    [
      'headers that are too long',
      431,
      () => send(`GET ${fixtures.counts} HTTP/1.1`, [`X-A: ${'a'.repeat(20_000)}`]),
    ],
    ['what is no HTTP', 400, () => sendRaw(port, 'HELLO\r\n\r\n')],
  ];

  it.each(refusals)(
    'a refusal of %s is a problem that says nothing of the program',
    async (_, status, refuse) => {
      const answer = await refuse();
      expect(statusesOf(answer)).toEqual([status]);
      expect(answer).toMatch(/content-type: application\/problem\+json/i);
      expect(answer).not.toMatch(/node_modules|\bat \S+ \(|\.js:\d+|fastify|nest|undici|express/i);
      expect(answer).not.toMatch(/^(?:server|x-powered-by):/im);
    },
  );

  it('answers cannot be kept by a cache that others use too', async () => {
    for (const operation of everyOperation().filter(
      ({ method, about }) => method === 'GET' && about !== 'a job',
    )) {
      const answer = await env.as('anna').get(pathFor(operation, fixtures.printer));
      expect(answer.headers['cache-control'] ?? 'no-store').toMatch(/private|no-store/);
      expect(answer.headers['cache-control'] ?? '').not.toMatch(/public|s-maxage/);
    }
  });
});
