import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('the audit event of a print that was answered', () => {
  const KEYED = 0;
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({ gateways: 2, gateway: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const inStream = async (id: string) =>
    (await redis.command('XRANGE print-gateway:audit - +')).split('\n').filter((line) => line.includes(id));
  const inLog = (id: string) =>
    env.output.split('\n').filter((line) => line.includes('"channel":"audit"') && line.includes(id));

  it.each([
    ['with a key', KEYED, keyHeader()],
    ['without a key', 1, {}],
  ])(
    'stands in the log and in Redis when the gateway is killed right behind it, %s',
    async (_, gateway, headers) => {
      const { body, status } = await env.as('olga', gateway).post(printPath(), printRequest(), headers);
      await env.crash(gateway);
      expect(status).toBe(200);
      const id = String(body.printStatus.id);
      const events = await inStream(id);
      expect(events).toHaveLength(1);
      expect(JSON.parse(events[0] as string)).toMatchObject({
        operation: 'print',
        outcome: 'done',
        by: { subject: 'olga' },
        printStatusId: id,
        copies: 1,
        clientAddress: '127.0.0.1',
        requestId: expect.any(String),
      });
      await eventually(() => expect(inLog(id)).toHaveLength(1));
      await env.restart(gateway);
    },
  );

  it('stands in the log and in Redis when the gateway is killed right behind an update and a cancel', async () => {
    const { body } = await env
      .as('olga', KEYED)
      .post(printPath(fixtures.secondPrinter), printRequest({ smartcard: {} }));
    const id = String(body.printStatus.id);
    await env.emulator.advance(61_000);
    const update = { smartcard: { commands: [{ type: 'APDU', command: '00A4' }] } };
    expect((await env.as('olga', KEYED).patch(statusPath(id), update, keyHeader())).status).toBe(202);
    expect((await env.as('olga', KEYED).delete(statusPath(id))).status).toBe(204);
    await env.crash(KEYED);
    const events = (await inStream(id)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ operation }) => operation)).toEqual(['print', 'updatePrint', 'cancelPrint']);
    await eventually(() => expect(inLog(id)).toHaveLength(3));
    await env.restart(KEYED);
  });

  it('stands in Redis once, also when Redis was away while it was printed', async () => {
    await env.sharedStateIsUp();
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 1_500, count: 1 });
    const before = await env.emulator.callsOf('print');
    const printing = env.as('olga').post(printPath(), printRequest(), keyHeader());
    const asked = printing.then((answer) => answer);
    await eventually(async () => expect(await env.emulator.callsOf('print')).toBe(before + 1));
    await redis.kill();
    const meanwhile = await asked;
    expect(meanwhile.status).toBe(200);
    await redis.run();
    await env.sharedStateIsUp();
    const id = String(meanwhile.body.printStatus.id);
    await eventually(async () => expect(await inStream(id)).toHaveLength(1));
    expect(inLog(id)).toHaveLength(1);
  });
});
