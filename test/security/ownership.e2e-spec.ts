import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import type { Answer } from '../support/requests.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('a job of olga’s', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
      policy: withoutQuotas,
    });
    // So that each can be resumed, too.
    await env.emulator.holdPrints(true);
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const print = async (label?: string): Promise<string> => {
    const headers: Record<string, string> = label === undefined ? {} : { 'x-print-label': label };
    const response = await env.as('olga').post(printPath(), printRequest({ smartcard: {} }), headers);
    expect(response.status).toBe(200);
    return response.body.printStatus.id as string;
  };
  const update = { smartcard: { commands: [] } };
  const operations: [string, number, (who: string, id: string) => Promise<Answer>][] = [
    ['status', 200, (who, id) => env.as(who, 1).get(statusPath(id))],
    ['update', 202, (who, id) => env.as(who, 1).patch(statusPath(id), update)],
    ['resume', 200, (who, id) => env.as(who, 1).post(fixtures.resume, { printJobId: id })],
    ['cancel', 204, (who, id) => env.as(who, 1).delete(statusPath(id))],
  ];

  describe.each([
    ['olga herself', 'olga', true],
    ['a colleague who sees own jobs', 'otto', false],
    ['an operator of another tenant', 'oscar', false],
    ['the supervisor of her tenant', 'sonja', true],
    ['the supervisor of another tenant', 'sven', false],
    ['an administrator', 'anna', true],
  ])('for %s', (_, who, isVisible) => {
    it.each(operations)(`%s: ${isVisible ? 'is there' : 'is not there'}`, async (_name, success, operate) => {
      const id = await print();
      const calls = ['getPrintStatus', 'updatePrint', 'resumePrintJob', 'cancelPrint'];
      const reached = async () => (await Promise.all(calls.map((call) => env.emulator.callsOf(call)))).join();
      const before = await reached();
      expect((await operate(who, id)).status).toBe(isVisible ? success : 404);
      if (!isVisible) expect(await reached()).toBe(before);
    });

    it(`events: ${isVisible ? 'are there' : 'are not there'}`, async () => {
      const headers = { authorization: `Bearer ${await env.tokenOf(who)}` };
      const path = `/api/gateway/v1/jobs/${await print()}/events`;
      const response = await fetch(env.gateway(1).url + path, { headers });
      await response.body?.cancel();
      expect(response.status).toBe(isVisible ? 200 : 404);
    });

    it.each(['own', 'tenant', 'any'])(
      `the list of scope %s: ${isVisible ? 'has it where that is granted' : 'does not have it'}`,
      async (scope) => {
        const id = await print();
        const { status, body } = await env.as(who, 1).get(`/api/gateway/v1/jobs?scope=${scope}&limit=100`);
        const granted: Record<string, string[]> = {
          sonja: ['tenant'],
          sven: ['tenant'],
          anna: ['tenant', 'any'],
        };
        const isGranted = scope === 'own' || granted[who]?.includes(scope) === true;
        expect(status).toBe(isGranted ? 200 : 403);
        const isInScope =
          scope === 'any' || (scope === 'tenant' ? ['sonja', 'anna'].includes(who) : who === 'olga');
        expect(JSON.stringify(body).includes(id)).toBe(isVisible && isGranted && isInScope);
      },
    );
  });

  it.each(operations)('cannot be told from one that never was: %s', async (_, _success, operate) => {
    const id = await print();
    await operate('sonja', id);
    const own = new Set(['requestId', 'instance', 'x-request-id', 'date']);
    const shared = (part: object) => Object.entries(part).filter(([name]) => !own.has(name));
    const told = ({ status, headers, body }: Answer) => [status, shared(headers), shared(body as object)];
    expect(told(await operate('otto', id))).toEqual(told(await operate('otto', fixtures.unknownId)));
  });

  it('that was not printed through the gateway is there for an administrator only', async () => {
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const headers = { ...json.headers, authorization: `Bearer ${await env.authToken()}` };
    const printed = await fetch(env.emulator.url + printPath(), { ...json, headers, body: '{}' });
    const { printStatus } = (await printed.json()) as { printStatus: { id: string } };
    expect((await env.as('sonja').get(statusPath(printStatus.id))).status).toBe(404);
    expect((await env.as('anna').get(statusPath(printStatus.id))).status).toBe(200);
  });

  it('keeps the name that she gave it', async () => {
    const id = await print('Badge of Ms Smith');
    const job = JSON.parse(await redis.command(`GET print-gateway:{${id}}:job`)) as object;
    expect(job).toMatchObject({
      label: 'Badge of Ms Smith',
      printerId: fixtures.printer,
      owner: { subject: 'olga', tenant: 'acme' },
    });
  });

  it.each(['x'.repeat(65), 'Zürich'])('is not printed under a name such as %s', async (label) => {
    const before = await env.emulator.callsOf('print');
    const response = await env.as('olga').post(printPath(), printRequest(), { 'x-print-label': label });
    expect(response.status).toBe(400);
    expect(response.body.violations[0].path).toBe('X-Print-Label');
    expect(await env.emulator.callsOf('print')).toBe(before);
  });

  it('is hers for ever once printed, also when that could not be written at first', async () => {
    const known = await print();
    const before = await env.emulator.callsOf('print');
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 1_000, count: 1 });
    const printing = print();
    await eventually(async () => expect(await env.emulator.callsOf('print')).toBe(before + 1));
    await redis.kill();
    const id = await printing;
    expect((await env.as('olga', 0).get(statusPath(id))).status).toBe(200);
    expect((await env.as('olga', 0).get(statusPath(known))).status).toBe(200);
    const elsewhere = await env.as('olga', 1).get(statusPath(id));
    expect(elsewhere.status).toBe(503);
    expect(elsewhere.body).toMatchObject({ type: '/problems/shared-state-unavailable' });
    expect(elsewhere.headers['retry-after']).toBe('2');
    await redis.run();
    await eventually(async () => expect((await env.as('olga', 1).get(statusPath(id))).status).toBe(200));
    expect((await env.as('otto', 1).get(statusPath(id))).status).toBe(404);
  });
});
