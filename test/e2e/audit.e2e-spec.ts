import { createHash, randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { CARD_DATA, printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

type Event = Record<string, unknown>;

describe('the audit trail', () => {
  const CEF = 1;
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    for (const stream of ['audit', 'audit:refused'])
      await redis.commandOf('XADD', `print-gateway:${stream}`, '1-1', 'record', '{"at":"1970"}');
    env = await TestEnvironment.open({
      gateways: 2,
      each: (index) => ({ AUDIT_FORMAT: index === CEF ? 'cef' : 'json' }),
      gateway: {
        REDIS_URL: redis.url,
        PRINT_WITHOUT_REDIS: 'on',
        LOG_LEVEL: 'error',
        AUDIT_STREAM_LENGTH: '100',
        AUDIT_REFUSED_STREAM_LENGTH: '50',
      },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const logged = (): Event[] =>
    env.output
      .split('\n')
      .filter((line) => line.includes('"channel":"audit"'))
      .map((line) => JSON.parse(line) as Event);
  const last = (requestId: string) =>
    eventually(() => {
      const events = logged().filter((event) => event.requestId === requestId);
      expect(events).toHaveLength(1);
      return events[0] as Event;
    });
  const did = async (send: (headers: Record<string, string>) => Promise<unknown>): Promise<Event> => {
    const requestId = randomUUID();
    await send({ 'x-request-id': requestId });
    return last(requestId);
  };
  const olga = { issuer: expect.any(String), subject: 'olga', tenant: 'acme', clientId: 'demo-page' };

  it('tells who printed what where, how often, and the job', async () => {
    const key = randomUUID();
    let id = '';
    const request = printRequest({ printerPreferences: { copies: 3 } });
    const send = async (headers: Record<string, string>) => {
      const { body } = await env.as('olga').post(printPath(), request, { ...headers, ...keyHeader(key) });
      id = String(body.printStatus.id);
    };
    const event = await did(send);
    expect(event).toMatchObject({
      by: olga,
      operation: 'print',
      outcome: 'done',
      printerId: fixtures.printer,
      printStatusId: id,
      copies: 3,
      features: ['print'],
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      keyHash: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(JSON.stringify(event)).not.toContain(key);
    for (const guess of [key, JSON.stringify([key])])
      expect(event.keyHash).not.toBe(createHash('sha256').update(guess).digest('base64url'));
    expect(await did(send)).toMatchObject({ outcome: 'replayed', printStatusId: id, copies: 3 });
  });

  it('tells of updates and cancels, of what was refused and what failed, and by which rule', async () => {
    // Where no other job is before it.
    const chip = printRequest({ smartcard: {} });
    const { body } = await env.as('olga').post(printPath(fixtures.secondPrinter), chip);
    const path = statusPath(String(body.printStatus.id));
    const update = { smartcard: { commands: [{ type: 'APDU', command: '00A4' }] } };
    const as = (who: string) => env.as(who);
    await env.emulator.advance(61_000);
    const updated = await did((headers) => as('olga').patch(path, update, { ...headers, ...keyHeader() }));
    expect(updated).toMatchObject({
      operation: 'updatePrint',
      outcome: 'done',
      printStatusId: body.printStatus.id,
      printerId: fixtures.secondPrinter,
      features: ['smartcard'],
      commands: 1,
    });
    expect(updated).not.toHaveProperty('owner');
    expect(JSON.stringify(updated)).not.toContain('00A4');
    expect(await did((headers) => as('otto').patch(path, update, headers))).toMatchObject({
      outcome: 'refused',
      problem: 'not-found',
    });
    expect(await did((headers) => as('victor').post(printPath(), printRequest(), headers))).toMatchObject({
      by: { subject: 'victor' },
      outcome: 'refused',
      problem: 'permission-not-granted',
    });
    expect(await did((headers) => as('olga').post(printPath(), { copies: 'x' }, headers))).toMatchObject({
      outcome: 'refused',
      problem: 'invalid-request',
    });
    await env.emulator.fault({ operation: 'print', kind: 'status', status: 500, count: 1 });
    expect(await did((headers) => as('olga').post(printPath(), printRequest(), headers))).toMatchObject({
      outcome: 'failed',
      problem: 'upstream-failed',
    });
    expect(await did((headers) => as('anna').delete(path, headers))).toMatchObject({
      operation: 'cancelPrint',
      outcome: 'done',
      by: { subject: 'anna' },
      owner: { subject: 'olga', tenant: 'acme' },
      printerId: fixtures.secondPrinter,
    });
    const stream = await redis.command('XRANGE print-gateway:audit - +');
    for (const operation of ['updatePrint', 'cancelPrint'])
      expect(stream.match(new RegExp(`"operation":"${operation}","outcome":"done"`, 'g'))).toHaveLength(1);
  });

  it('keeps no event for longer than it may', async () => {
    for (const stream of ['audit', 'audit:refused'])
      await eventually(async () =>
        expect(await redis.command(`XRANGE print-gateway:${stream} - +`)).not.toContain('"1970"'),
      );
  });

  it('tells of a settlement, whose submission it was and who settled it', async () => {
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    await env.as('olga').post(printPath(), printRequest(), keyHeader());
    const { body } = await env.as('anna').get('/api/gateway/v1/unknown-prints');
    const path = `/api/gateway/v1/unknown-prints/${body[0].id}`;
    await env.as('olga').post(path, { outcome: 'not-printed' });
    await eventually(() =>
      expect(logged().at(-1)).toMatchObject({ operation: 'settle', outcome: 'refused', by: olga }),
    );
    await env.as('anna').post(path, { outcome: 'not-printed' });
    await eventually(() =>
      expect(logged().at(-1)).toMatchObject({
        operation: 'settle',
        outcome: 'not-printed',
        by: { subject: 'anna' },
        submitter: { subject: 'olga' },
        submissionId: expect.stringMatching(/^[\w-]{43}$/),
      }),
    );
  });

  it('stands in a bounded stream as well, also what happened while Redis was away', async () => {
    const newest = async () =>
      (await redis.command('XREVRANGE print-gateway:audit + - COUNT 1')).split('\n').at(-1) ?? '{}';
    expect(JSON.parse(await newest())).toMatchObject({ operation: 'settle' });
    await redis.kill();
    const event = await did((headers) => env.as('anna').post(printPath(), printRequest(), headers));
    expect(event).toMatchObject({ outcome: 'done' });
    await redis.run();
    await eventually(async () => {
      expect(JSON.parse(await newest())).toMatchObject({ by: { subject: 'anna' }, outcome: 'done' });
    });
  });

  it('keeps what was done, however much was refused since then or was done before already', async () => {
    const key = keyHeader();
    const send = () => env.as('olga').post(printPath(), printRequest(), key);
    const id = String((await send()).body.printStatus.id);
    await Promise.all(Array.from({ length: 250 }, () => env.as('victor').post(printPath(), printRequest())));
    await Promise.all(Array.from({ length: 250 }, send));
    const streamOf = (name: string) => redis.command(`XRANGE print-gateway:${name} - +`);
    await eventually(async () =>
      expect((await streamOf('audit:refused')).split('"replayed"').length).toBeGreaterThan(50),
    );
    expect(await streamOf('audit')).toContain(id);
    const refusedLength = Number(await redis.command('XLEN print-gateway:audit:refused'));
    expect(refusedLength).toBeLessThan(250);
    for (const outcome of ['refused', 'replayed'])
      expect(await streamOf('audit')).not.toContain(`"${outcome}"`);
  });

  it('shows nothing of a card, of a token or of a key', async () => {
    const [secret = ''] = CARD_DATA;
    const body = printRequest({ magstripe: { front: { track1: secret } } });
    await did((headers) => env.as('olga').post(printPath(), body, headers));
    const all = logged().map((event) => JSON.stringify(event));
    const stored = await redis.command('XRANGE print-gateway:audit - +');
    for (const hidden of [secret, 'base64', await env.tokenOf('olga')])
      for (const text of [...all, stored]) expect(text).not.toContain(hidden);
  });

  it('is written for a SIEM where that is wanted, in the log and not in Redis', async () => {
    const requestId = randomUUID();
    const headers = { 'x-request-id': requestId };
    await env.as('olga', CEF).post(printPath(), printRequest(), headers);
    const line = await eventually(() => {
      const found = env.output
        .split('\n')
        .find((each) => each.startsWith('CEF:') && each.includes(requestId));
      expect(found).toBeDefined();
      return found;
    });
    expect(line).toMatch(
      /^CEF:0\|Print Gateway\|IDaaS Print Gateway\|[\d.]+\|print\.done\|print done\|1\|rt=\d+ .*suser=olga /,
    );
    expect(await redis.command('XRANGE print-gateway:audit - +')).toContain(`"requestId":"${requestId}"`);
  });
});
