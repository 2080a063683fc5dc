import { connect } from 'node:net';
import fc from '../../support/fuzz.js';
import { TestEnvironment, withoutQuotas } from '../../support/test-environment.js';
import { everyOperation, pathFor } from '../../support/operations.js';
import { fixtures } from '../../support/fixtures.js';

const PATHS = everyOperation().map((operation) => pathFor(operation, fixtures.unknownId));

/** Bytes of a request line or a header value: no line ends, so that one request stays one. */
const bytes = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 60,
  })
  .filter((text) => !text.includes('\x7f'));
const targets = fc.oneof(
  bytes.map((text) => `/${text.replaceAll(' ', '%20')}`),
  fc.tuple(fc.constantFrom(...PATHS), fc.nat(), bytes).map(([path, at, text]) => {
    const start = 1 + (at % path.length);
    return path.slice(0, start) + text.replaceAll(' ', '+') + path.slice(start);
  }),
  fc
    .tuple(
      fc.constantFrom(...PATHS),
      fc.constantFrom('%2f', '%5c', '%00', '..', '//', ';', '%zz', '%c0%ae', '?', '#'),
    )
    .map(([path, text]) => path.replace(/\/(?=[^/]*$)/, `/${text}`)),
  fc
    .tuple(
      fc.constantFrom(
        'limit',
        'cursor',
        'status',
        'printerId',
        'since',
        'scope',
        'limit[]',
        '__proto__[x]',
        'a',
      ),
      bytes,
    )
    .map(
      ([name, value]) =>
        `/api/gateway/v1/jobs?${name}=${encodeURIComponent(value)}&${name}=${value.replaceAll(' ', '+')}`,
    ),
);
const headers = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...[
        'Prefer',
        'Cache-Control',
        'If-None-Match',
        'Idempotency-Key',
        'X-Print-Label',
        'Last-Event-ID',
        'Accept',
      ],
      ...[
        'X-Request-Id',
        'traceparent',
        'Origin',
        'Forwarded',
        'X-Forwarded-For',
        'X-HTTP-Method-Override',
        'Range',
      ],
    ),
    fc.oneof(
      bytes,
      fc.constantFrom(
        'wait=0',
        'wait=-1',
        'wait=1e9',
        'wait="',
        'no-cache',
        '*',
        'W/"x", "y"',
        '"',
        '1'.repeat(4_000),
      ),
    ),
  ),
  { maxLength: 4 },
);

/** Whatever is asked is answered: well, or with a problem that is the caller's. */
describe('any request', () => {
  let env: TestEnvironment;
  let token: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({ policy: withoutQuotas, gateway: { UNKNOWN_JOB_MS: '600000' } });
    token = await env.tokenOf('anna');
  });
  afterAll(() => env.close());

  /** The whole answer as it stands on the wire. */
  const send = (
    method: string,
    target: string,
    lines: readonly (readonly [string, string])[],
  ): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(env.gatewayUrl).port), '127.0.0.1');
      const all = [['Host', 'x'], ['Authorization', `Bearer ${token}`], ['Connection', 'close'], ...lines];
      const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.write(Buffer.from(`${method} ${target} HTTP/1.1\r\n${head}\r\n`, 'latin1'));
      let answer = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
      socket.on('error', reject).on('close', () => resolve(answer));
    });

  it('is answered once, never with a fault of the gateway’s own, and no answer shows how it is made', async () => {
    const methods = fc.constantFrom('GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT');
    await fc.assert(
      fc.asyncProperty(methods, targets, headers, async (method, target, lines) => {
        const answer = await send(method, target, lines);
        const [statusLine = '', ...rest] = answer.split('\r\n');
        expect(statusLine).toMatch(/^HTTP\/1\.1 (?:2\d\d|304|4\d\d) /);
        expect(rest.join('\n')).not.toMatch(/ at .+:\d+:\d+|node_modules|\.ts\b/);
        if (statusLine.startsWith('HTTP/1.1 4') && method !== 'HEAD')
          expect(answer).toContain('application/problem+json');
      }),
    );
  });

  it('reaches the upstream only with what the gateway serves', async () => {
    const token = await env.authToken();
    const before = await env.emulator.callsOf('authenticate');
    for (const path of [
      'adminapi/authenticate',
      'prints',
      'users',
      'prints/paginated',
      'printers/x/preferences',
    ])
      for (const method of ['GET', 'POST'])
        expect(await send(method, `/api/web/v1/${path}`, [['X-Upstream', token]])).toMatch(
          /^HTTP\/1\.1 40[0-9] /,
        );
    expect(await env.emulator.callsOf('authenticate')).toBe(before);
    expect(await env.emulator.callsOf('getPrintJobs')).toBe(0);
  });
});
