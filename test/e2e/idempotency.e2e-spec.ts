import { randomUUID } from 'node:crypto';
import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('a print with an Idempotency-Key', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    const gateway = {
      REDIS_URL: redis.url,
      IDAAS_PRINT_TIMEOUT_MS: '1000',
      IDAAS_CIRCUIT_FAILURES: '1000',
    };
    env = await TestEnvironment.open({
      gateways: 2,
      gateway,
      each: (index) => ({ PRINT_WITHOUT_REDIS: index === 1 ? 'on' : 'off' }),
      policy: withoutQuotas,
      emulator: { EMULATOR_QUEUED_MS: '1', EMULATOR_TOKEN_LIFE_MS: '86400000000' },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });
  beforeEach(() => env.emulator.reset());

  const print = (key: string, gateway = 0, who = 'olga', request: object = {}) =>
    env
      .as(who, gateway)
      .post(printPath(), printRequest({ billing: { segmentId: key }, ...request }), keyHeader(key));
  const cardsOf = async (key: string): Promise<number> => {
    await env.emulator.advance(600_000);
    return (await env.emulator.ledger()).filter(({ segmentId }) => segmentId === key).length;
  };

  it('is done once, and answered the same on either gateway', async () => {
    const key = randomUUID();
    const first = await print(key);
    expect(first.status).toBe(200);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    for (const gateway of [0, 1]) {
      const replay = await print(key, gateway);
      expect(replay.status).toBe(200);
      expect(replay.text).toBe(first.text);
      expect(replay.headers['idempotency-replayed']).toBe('true');
    }
    expect(await cardsOf(key)).toBe(1);
  });

  it('prints one card when forty come at the same time, through both gateways', async () => {
    const key = randomUUID();
    const responses = await Promise.all(Array.from({ length: 40 }, (_, i) => print(key, i % 2)));
    for (const { status, headers } of responses) {
      expect([200, 409]).toContain(status);
      if (status === 409) expect(headers['retry-after']).toBe('1');
    }
    expect(responses.some(({ status }) => status === 200)).toBe(true);
    expect(await cardsOf(key)).toBe(1);
  });

  it('is refused with 422 for another body, and is another key for another caller', async () => {
    const key = randomUUID();
    await print(key);
    const reused = await print(key, 1, 'olga', { hopper: 2 });
    expect(reused.status).toBe(422);
    expect(reused.body).toMatchObject({ type: '/problems/idempotency-key-reused' });
    expect((await print(key, 0, 'otto')).status).toBe(200);
    expect(await cardsOf(key)).toBe(2);
  });

  it('knows the same body by what it says, not by how it is written', async () => {
    const key = randomUUID();
    const headers = { 'content-type': 'application/json', ...keyHeader(`"${key}"`) };
    const json = (body: string) => env.as('olga').post(printPath(), body, headers);
    expect((await json('{"hopper":1,"magstripe":{"front":{"track1":"41"}}}')).status).toBe(200);
    expect(
      (await json('{ "magstripe": {"front": {"track1": "41"}}, "hopper": 1 }')).headers[
        'idempotency-replayed'
      ],
    ).toBe('true');
  });

  it.each<[string, Omit<Fault, 'operation'>]>([
    ['the connection breaks after the effect', { kind: 'reset-after' }],
    ['the connection breaks before the effect', { kind: 'reset-before' }],
    ['no answer comes in time', { kind: 'latency', milliseconds: 1_500 }],
    ['half an answer comes', { kind: 'half-body' }],
    ['HTML comes', { kind: 'html' }],
    ['500 comes', { kind: 'status', status: 500 }],
    ['503 comes', { kind: 'status', status: 503 }],
    ['200 without an id comes', { kind: 'status', status: 200, body: {} }],
  ])('is never sent again when %s, and it cannot be found out', async (_, fault) => {
    const key = randomUUID();
    await env.emulator.noLists();
    await env.emulator.fault({ operation: 'print', count: 1, ...fault });
    const first = await print(key);
    expect(first.status).toBe(504);
    expect(first.body).toMatchObject({ type: '/problems/outcome-unknown' });
    for (const gateway of [0, 1, 0]) {
      const retry = await print(key, gateway);
      expect(retry.status).toBe(409);
      expect(retry.body).toMatchObject({ type: '/problems/outcome-still-unknown' });
    }
    expect(await env.emulator.callsOf('print')).toBe(1);
    expect(await cardsOf(key)).toBeLessThanOrEqual(1);
  });

  it.each<[string, number, Omit<Fault, 'operation'>]>([
    ['refuses the request (400)', 400, { kind: 'status', status: 400, body: { code: 'x', message: 'y' } }],
    ['does not know the printer (404)', 404, { kind: 'status', status: 404 }],
    ['asks for a pause (429)', 503, { kind: 'status', status: 429 }],
    ['denies access (403)', 502, { kind: 'status', status: 403 }],
  ])('frees its key when the upstream %s', async (_, status, fault) => {
    const key = randomUUID();
    await env.emulator.fault({ operation: 'print', count: 1, ...fault });
    expect((await print(key)).status).toBe(status);
    expect((await print(key, 1)).status).toBe(200);
    expect(await cardsOf(key)).toBe(1);
  });

  it('goes out once more after the upstream’s 401: one card', async () => {
    const key = randomUUID();
    await env.emulator.revokeTokens();
    expect((await print(key)).status).toBe(200);
    expect(await cardsOf(key)).toBe(1);
  });

  it.each([['two words'], ['x'.repeat(256)], ['"open']])(
    'is refused with 400 for the key %s',
    async (key) => {
      const response = await print(key);
      expect(response.status).toBe(400);
      expect(response.body.violations[0].path).toBe('Idempotency-Key');
    },
  );

  it('is demanded of a role that sees its tenant’s jobs', async () => {
    const response = await env.as('sonja').post(printPath(), printRequest());
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ type: '/problems/idempotency-key-required' });
    expect((await print(randomUUID(), 0, 'sonja')).status).toBe(200);
  });

  it('covers updates as well', async () => {
    const chip = printRequest({ smartcard: {} });
    const { body } = await env.as('olga').post(printPath(fixtures.secondPrinter), chip);
    const update = { smartcard: { commands: [{ type: 'APDU', command: '00A4' }] } };
    const key = randomUUID();
    const path = statusPath(body.printStatus.id as string);
    await eventually(async () =>
      expect((await env.as('olga').get(path)).body).toMatchObject({ status: 'WAITING_SMARTCARD' }),
    );
    expect((await env.as('olga', 0).patch(path, update, keyHeader(key))).status).toBe(202);
    const replay = await env.as('olga', 1).patch(path, update, keyHeader(key));
    expect([replay.status, replay.headers['idempotency-replayed']]).toEqual([202, 'true']);
    expect(await env.emulator.callsOf('updatePrint')).toBe(1);
  });

  it('is refused when its key carries a time before which answers are forgotten', async () => {
    const HOUR_MS = 3_600_000;
    const uuidV7 = (atMs: number) => {
      const [time, rest] = [atMs.toString(16).padStart(12, '0'), randomUUID()];
      return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(15)}`;
    };
    const before = await env.emulator.callsOf('print');
    for (const key of [uuidV7(0), uuidV7(Date.now() - 169 * HOUR_MS), `"urn:uuid:${uuidV7(1)}"`]) {
      const response = await print(key);
      expect(response.status).toBe(409);
      expect(response.body).toMatchObject({
        type: '/problems/idempotency-key-expired',
        target: 'Idempotency-Key',
      });
      expect(response.headers['retry-after']).toBeUndefined();
      const update = { smartcard: { commands: [] } };
      const known = await env.as('olga').post(printPath(), printRequest({ smartcard: {} }));
      const path = statusPath(known.body.printStatus.id as string);
      expect((await env.as('olga').patch(path, update, keyHeader(key))).status).toBe(409);
    }
    expect(await env.emulator.callsOf('print')).toBe(before + 3);
    expect(await env.emulator.callsOf('updatePrint')).toBe(0);
    for (const ageHours of [167, 0, -1, -24 * 365]) {
      const key = uuidV7(Date.now() - ageHours * HOUR_MS);
      expect((await print(key)).status).toBe(200);
      expect((await print(key, 1)).headers['idempotency-replayed']).toBe('true');
    }
  });

  it('is not sent while the shared state is away, nor is one without a key, unless a setting allows that', async () => {
    const printUnkeyed = (gateway: number) => env.as('olga', gateway).post(printPath(), printRequest());
    await redis.kill();
    for (const response of [await print(randomUUID()), await print(randomUUID(), 1), await printUnkeyed(0)]) {
      expect(response.status).toBe(503);
      expect(response.body).toMatchObject({ type: '/problems/shared-state-unavailable' });
      expect(response.headers['retry-after']).toBe('2');
    }
    expect(await env.emulator.callsOf('print')).toBe(0);
    expect((await printUnkeyed(1)).status).toBe(200);
    await redis.run();
  });
});
