import type { Fault } from '../support/emulator.js';
import { TestEnvironment, UNCACHED, withoutQuotas } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const EVIL_HEADERS = {
  'set-cookie': 'session=stolen',
  location: 'https://evil.example/',
  'access-control-allow-origin': '*',
  'content-security-policy': 'default-src *',
  'www-authenticate': 'Basic realm="evil"',
  'x-request-id': 'of-the-upstream',
  'x-evil': 'of-the-upstream',
  refresh: '0; url=https://evil.example/',
};

/** OWASP API10:2023, Unsafe Consumption of APIs: the upstream may err, or be somebody else. */
describe('API10, answers of the upstream', () => {
  let env: TestEnvironment;
  let id: string;
  beforeAll(async () => {
    const gateway = {
      ...UNCACHED,
      STATUS_FRESH_MS: '0',
      STATUS_STALE_ON_ERROR_MS: '0',
      IDAAS_CIRCUIT_FAILURES: '1000',
      IDAAS_MAX_RESPONSE_BYTES: '100000',
      IDAAS_RETRY_DELAY_MS: '1',
    };
    env = await TestEnvironment.open({ policy: withoutQuotas, gateway });
    id = (await print()).body.printStatus.id as string;
  });
  afterAll(() => env.close());
  afterEach(() => env.emulator.noFaults());

  const print = () => env.as('anna').post(printPath(), printRequest());
  const reads: [string, string, () => string][] = [
    ['getPrintCounts', 'counts', () => fixtures.counts],
    ['getPrintStatus', 'a status', () => statusPath(id)],
    ['readPrinters', 'printers', () => fixtures.printers],
    ['readPrinter', 'a printer', () => `${fixtures.printers}/${fixtures.printer}`],
  ];
  const answer = (operation: string, fault: Partial<Fault>) =>
    env.emulator.fault({ operation, kind: 'status', status: 200, ...fault });

  it.each(reads)('%s: no header of theirs is passed on', async (operation, _, path) => {
    // A 404 would be remembered.
    for (const status of [200, 400, 500]) {
      await answer(operation, { status, body: { code: 'x', message: 'y' }, headers: EVIL_HEADERS });
      const { headers } = await env.as('anna').get(path());
      await env.emulator.noFaults();
      expect(JSON.stringify(headers)).not.toMatch(/evil|stolen|of-the-upstream/);
    }
  });

  it.each(reads)(
    '%s: HTML, half JSON, another type and what is too long are a 502',
    async (operation, _, path) => {
      const wrong: Partial<Fault>[] = [
        { kind: 'html' },
        { kind: 'half-body' },
        { body: '<script>alert(1)</script>', headers: { 'content-type': 'text/html' } },
        { body: '{"a":', headers: { 'content-type': 'application/json' } },
        { body: `"${'x'.repeat(200_000)}"`, headers: { 'content-type': 'application/json' } },
        { body: '{}', headers: { 'content-type': 'application/javascript' } },
      ];
      for (const fault of wrong) {
        await answer(operation, fault);
        const { status, headers, text } = await env.as('anna').get(path());
        await env.emulator.noFaults();
        expect([fault, status]).toEqual([fault, 502]);
        expect(headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(text).not.toContain('script');
      }
    },
  );

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['null', { printStatus: null }],
    ['a number as id', { printStatus: { id: 17 } }],
    ['a path as id', { printStatus: { id: '../../adminapi/authenticate' } }],
    ['a header as id', { printStatus: { id: 'x\r\nSet-Cookie: a=b' } }],
    ['a list', [{ printStatus: { id: 'x' } }]],
    ['an id that is long', { printStatus: { id: 'f'.repeat(5_000) } }],
  ])('a print that is answered with %s is not taken for printed, nor sent again', async (_, body) => {
    await answer('print', { body });
    const before = await env.emulator.callsOf('print');
    const { status, text, headers } = await print();
    expect(status).toBe(502);
    expect(text + JSON.stringify(headers)).not.toMatch(/adminapi|Set-Cookie/);
    expect(await env.emulator.callsOf('print')).toBe(before + 1);
  });

  it('its refusal reaches a caller as three short texts, and as nothing else', async () => {
    const body = {
      code: 'c'.repeat(9_000),
      message: '<b>\r\nX: y',
      target: { a: 1 },
      stack: 'secret',
      errors: [{ field: 'secret' }],
    };
    await answer('print', { status: 400, body });
    const refused = await print();
    expect(refused.status).toBe(400);
    expect(refused.text).not.toContain('secret');
    expect((refused.body as { code: string }).code.length).toBeLessThanOrEqual(500);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('a hundred at once that are wrong leave the gateway able to answer the next', async () => {
    await answer('getPrintCounts', {
      body: `"${'x'.repeat(200_000)}"`,
      headers: { 'content-type': 'application/json' },
    });
    const wrong = await Promise.all(Array.from({ length: 100 }, () => env.as('anna').get(fixtures.counts)));
    expect(wrong.every(({ status }) => status >= 500 && status < 505)).toBe(true);
    await env.emulator.noFaults();
    expect((await env.as('anna').get(fixtures.counts)).status).toBe(200);
  });
});
