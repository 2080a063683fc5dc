import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('when the upstream misbehaves', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    const gateway = {
      IDAAS_READ_TIMEOUT_MS: '800',
      IDAAS_PRINT_TIMEOUT_MS: '800',
      IDAAS_RETRY_DELAY_MS: '5',
    };
    env = await TestEnvironment.open({
      gateway: { ...UNCACHED, ...gateway, IDAAS_CIRCUIT_FAILURES: '1000' },
    });
  });
  afterAll(() => env.close());
  beforeEach(() => env.emulator.reset());

  const counts = () => env.as('olga').get(fixtures.counts);
  const print = () => env.as('olga').post(printPath(), printRequest());
  const both: Omit<Fault, 'operation'>[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502, body: '<html>Bad gateway</html>' },
    { kind: 'status', status: 418, body: {} },
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'half-body' },
    { kind: 'html' },
    { kind: 'unauthorized' },
    { kind: 'status', status: 403, body: { code: 'access_denied', message: 'No' } },
  ];

  it.each(both)('a read answers 502 to %o', async (fault) => {
    await env.emulator.fault({ operation: 'getPrintCounts', ...fault });
    const response = await counts();
    expect(response.status).toBe(502);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.headers['www-authenticate']).toBeUndefined();
  });

  it.each(both.filter(({ kind }) => kind !== 'unauthorized'))(
    'a print answers 502 to %o, sent once',
    async (fault) => {
      await env.emulator.fault({ operation: 'print', ...fault });
      expect((await print()).status).toBe(502);
      expect(await env.emulator.callsOf('print')).toBe(1);
    },
  );

  it.each<[string, Omit<Fault, 'operation'>]>([
    ['no answer at all', { kind: 'latency', milliseconds: 5_000 }],
    ['an answer that drips', { kind: 'slow-drip', milliseconds: 500 }],
  ])('answers 504 to %s', async (_, fault) => {
    await env.emulator.fault({ operation: '*', ...fault });
    expect((await counts()).status).toBe(504);
    expect((await print()).status).toBe(504);
    expect(await env.emulator.callsOf('print')).toBe(1);
  });

  it.each<Omit<Fault, 'operation'>>([
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'status', status: 503 },
  ])('a read is tried again after %o and succeeds', async (fault) => {
    await env.emulator.fault({ operation: 'getPrintCounts', count: 2, ...fault });
    expect((await counts()).status).toBe(200);
    expect(await env.emulator.callsOf('getPrintCounts')).toBe(3);
  });

  it('its 400 passes with its code and message', async () => {
    const body = { code: 'bad_hopper', message: 'Hopper 9 does not exist', target: 'hopper' };
    await env.emulator.fault({ operation: 'print', kind: 'status', status: 400, body });
    const response = await print();
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject(body);
  });

  it('its 429 becomes 503 with its own Retry-After', async () => {
    await env.emulator.fault({
      operation: 'getPrintCounts',
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '17' },
    });
    const response = await counts();
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('17');
  });

  it.each<[number, number, string]>([
    [413, 413, 'upstream-body-too-large'],
    [403, 502, 'upstream-blocked'],
    [302, 502, 'upstream-failed'],
  ])(
    'a page with %i that refuses a print leaves its key and its cards free',
    async (status, told, problem) => {
      const page = { body: '<html>No</html>', headers: { 'content-type': 'text/html', location: '/login' } };
      await env.emulator.fault({ operation: 'print', kind: 'status', status, count: 3, ...page });
      const key = { 'idempotency-key': `refused-with-${status}` };
      const printWithKey = () => env.as('olga').post(printPath(), printRequest(), key);
      const left = async () =>
        ((await env.as('olga').get('/api/gateway/v1/me')).body as { statements: object[] }).statements;
      const before = await left();
      for (let i = 0; i < 3; i += 1) {
        const response = await printWithKey();
        expect(response.status).toBe(told);
        expect(response.body).toMatchObject({ type: `/problems/${problem}` });
        expect(response.text).not.toContain('<html>');
      }
      expect(await left()).toEqual(before);
      expect((await printWithKey()).status).toBe(200);
      expect(await env.emulator.callsOf('print')).toBe(4);
    },
  );

  it('a compressed answer is read like any other, although it asks for none', async () => {
    await env.emulator.fault({ operation: '*', kind: 'gzip' });
    expect((await counts()).status).toBe(200);
    expect((await print()).status).toBe(200);
    expect(await env.emulator.lastHeadersOf('print')).toMatchObject({ 'accept-encoding': 'identity' });
  });

  it('an authentication that is put off is 503 with its Retry-After, refuses nobody, and is tried again', async () => {
    await counts();
    await env.emulator.revokeTokens();
    const headers = { 'retry-after': '2' };
    await env.emulator.fault({ operation: 'authenticate', kind: 'status', status: 429, count: 1, headers });
    const response = await counts();
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ type: '/problems/upstream-busy' });
    expect(response.headers['retry-after']).toBe('2');
    const ready = await fetch(`${env.gateway(0).managementUrl}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ready', areCredentialsRefused: false });
    await eventually(async () => expect((await counts()).status).toBe(200));
  });

  it.each([500, 503])(
    'its %i passes with its code, its message and, of a read, its Retry-After',
    async (status) => {
      const body = { code: 'maintenance', message: 'The printers are looked after', target: 'printers' };
      const headers = { 'retry-after': '19' };
      await env.emulator.fault({ operation: '*', kind: 'status', status, body, headers });
      const [read, printed] = [await counts(), await print()];
      for (const response of [read, printed])
        expect([response.status, response.body]).toEqual([502, expect.objectContaining(body)]);
      expect(read.headers['retry-after']).toBe('19');
      // Nobody is asked to repeat what may have been printed.
      expect(printed.headers['retry-after']).toBeUndefined();
    },
  );

  it('its code says nothing that the gateway says of its own, and is never empty', async () => {
    for (const [code, told] of [
      ['invalid_request', 'idaas:invalid_request'],
      ['not_found', 'idaas:not_found'],
      ['', 'upstream_refused'],
      ['entity_gone', 'entity_gone'],
    ]) {
      const body = { code, message: code };
      await env.emulator.onlyFault({ operation: 'print', kind: 'status', status: 400, body });
      const response = await print();
      expect(response.body).toMatchObject({ type: '/problems/upstream-refused', code: told });
      expect(response.body.message).not.toBe('');
    }
  });

  it.each([
    ['getPrintCounts', fixtures.counts],
    ['readPrinters', fixtures.printers],
  ])('its 404 to %s is a failure of the upstream, for these are there', async (operation, path) => {
    await env.emulator.fault({ operation, kind: 'status', status: 404, body: { code: 'x', message: 'y' } });
    const response = await env.as('olga').get(path);
    expect([response.status, response.body.type]).toEqual([502, '/problems/upstream-failed']);
  });

  it.each([['null'], ['[]'], ['"COMPLETED"'], ['7']])(
    'a status or counts that are %s are 502',
    async (text) => {
      const { body } = await print();
      const answer = { status: 200, body: text, headers: { 'content-type': 'application/json' } };
      await env.emulator.fault({ operation: '*', kind: 'status', ...answer });
      for (const path of [fixtures.counts, statusPath(body.printStatus.id as string)]) {
        const response = await env.as('olga').get(path, { 'cache-control': 'no-cache' });
        expect([response.status, response.body.type]).toEqual([502, '/problems/upstream-invalid-response']);
      }
    },
  );

  it('what it adds to the answer to a print reaches the caller, also when it is replayed', async () => {
    const id = '2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11';
    const printStatus = { id, link: 'https://upstream.example/x', position: 3 };
    const answer = { printStatus, warning: 'ribbon low', self: 'https://upstream.example/y' };
    await env.emulator.fault({ operation: 'print', kind: 'status', status: 200, count: 1, body: answer });
    const key = { 'idempotency-key': 'a-newer-answer' };
    for (let turn = 0; turn < 2; turn += 1)
      expect((await env.as('olga').post(printPath(), printRequest(), key)).body).toEqual({
        printStatus: { id, link: `/api/web/v1/printers/print/${id}`, position: 3 },
        warning: 'ribbon low',
      });
  });

  it('a print without an id in the answer is 502', async () => {
    await env.emulator.fault({
      operation: 'print',
      kind: 'status',
      status: 200,
      body: { printStatus: {} },
    });
    expect((await print()).status).toBe(502);
  });

  it('none of its headers, its bodies or its address reaches the caller', async () => {
    const headers = {
      'set-cookie': 'INTELLITRUST_SESSION_ID=x',
      server: 'Secret/1.0',
      'x-powered-by': 'PHP',
    };
    const body = { message: 'java.lang.NullPointerException at com.example', code: 'x' };
    await env.emulator.fault({ operation: 'getPrintCounts', kind: 'status', status: 500, body, headers });
    const failed = await counts();
    expect(failed.text).not.toContain('NullPointer');
    await env.emulator.reset();
    await env.emulator.fault({
      operation: 'getPrintCounts',
      kind: 'status',
      status: 200,
      body: { counts: [] },
      headers,
    });
    const succeeded = await counts();
    expect(succeeded.status).toBe(200);
    for (const response of [failed, succeeded]) {
      for (const name of Object.keys(headers)) expect(response.headers[name]).toBeUndefined();
      expect(JSON.stringify([response.headers, response.text])).not.toContain(new URL(env.emulator.url).host);
    }
  });
});

describe('when the upstream fails again and again', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    const circuit = { IDAAS_CIRCUIT_FAILURES: '3', IDAAS_CIRCUIT_PAUSE_MS: '300', IDAAS_READ_ATTEMPTS: '1' };
    env = await TestEnvironment.open({ gateway: { ...UNCACHED, ...circuit } });
  });
  afterAll(() => env.close());

  it('is not asked while the circuit breaker is open: 503 with Retry-After, then one request tries again', async () => {
    await env.as('olga').get(fixtures.counts);
    await env.emulator.fault({ operation: '*', kind: 'reset-before' });
    for (let i = 0; i < 3; i += 1) expect((await env.as('olga').get(fixtures.counts)).status).toBe(502);
    const before = await env.emulator.callsOf('getPrintCounts');
    const response = await env.as('olga').get(fixtures.counts);
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ type: '/problems/upstream-circuit-open' });
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(await env.emulator.callsOf('getPrintCounts')).toBe(before);
    await env.emulator.noFaults();
    await eventually(async () => expect((await env.as('olga').get(fixtures.counts)).status).toBe(200));
  });
});
