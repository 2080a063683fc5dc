import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { expectInOrder, PatientClients } from '../support/patient-clients.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

/** One print at a time for each printer, until its outcome is known. */
describe('the turn of a printer', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      policy: withoutQuotas,
      gateway: {
        REDIS_URL: redis.url,
        IDAAS_PRINT_TIMEOUT_MS: '2000',
        UPSTREAM_WAIT_MS: '1000',
        RESOLUTION_SETTLE_MS: '1500',
        RESOLUTION_INTERVAL_MS: '200',
      },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });
  beforeEach(() => env.emulator.noFaults());

  const print = (key: string | undefined, printer: string = fixtures.printer, gateway = 0) =>
    env.as('anna', gateway).post(printPath(printer), printRequest(), key === undefined ? {} : keyHeader(key));
  const idOf = (response: { body: { printStatus?: { id: string } } }) => response.body.printStatus?.id ?? '';

  it('finds out what became of the first print of an installation, and of the next', async () => {
    for (const kind of ['reset-after', 'reset-before'] as const) {
      const [key, before] = [randomUUID(), await env.jobsUpstream()];
      await env.emulator.fault({ operation: 'print', kind, count: 1 });
      expect((await print(key)).status).toBe(504);
      const answer = await eventually(async () => {
        const response = await print(key, fixtures.printer, 1);
        expect(response.status).toBe(200);
        return response;
      });
      expect(await env.jobsUpstream()).toEqual([...before, idOf(answer)]);
    }
  });

  it('keeps others waiting while it is not known what became of a print, at this printer alone', async () => {
    const lost = randomUUID();
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    expect((await print(lost)).status).toBe(504);
    const [here, there] = await Promise.all([
      print(randomUUID(), fixtures.printer, 1),
      print(randomUUID(), fixtures.otherPrinter, 1),
    ]);
    expect(here.body).toMatchObject({ type: '/problems/printer-busy' });
    expect(here.headers['retry-after']).toBe('1');
    expect(there.status).toBe(200);
    const [job] = await env.jobsUpstream();
    expect((await env.as('anna').get(statusPath(job ?? ''))).status).toBe(200);
    await eventually(async () => expect((await print(randomUUID())).status).toBe(200));
  });

  it('sends prints of both gateways one behind the other, with a key or without', async () => {
    const before = await env.jobsUpstream();
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 50 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => print(i % 3 ? randomUUID() : undefined, fixtures.printer, i % 2)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const made = (await env.jobsUpstream()).slice(before.length);
    expect([...made].sort()).toEqual(answers.map(idOf).sort());
  });

  it('prints once and in order for those who come again when they are told', async () => {
    const before = await env.jobsUpstream();
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 100 });
    const clients = new PatientClients(env, 'anna');
    const prints = await clients.all(24, fixtures.printer);
    await clients.close();
    expect(prints.some(({ tries }) => tries > 1)).toBe(true);
    expect(await env.jobsUpstream()).toHaveLength(before.length + prints.length);
    await expectInOrder(prints, env);
  });

  it('is not sent again after a 401 when it was printed all the same', async () => {
    const before = await env.jobsUpstream();
    // The second of them comes so soon that no other auth token is got.
    const ids: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      await env.emulator.fault({ operation: 'print', kind: 'unauthorized-after', count: 1 });
      const answer = await print(randomUUID());
      expect(answer.status).toBe(200);
      ids.push(idOf(answer));
    }
    expect(await env.jobsUpstream()).toEqual([...before, ...ids]);
    await env.emulator.fault({ operation: 'print', kind: 'unauthorized', count: 1 });
    await env.emulator.fault({ operation: 'print', kind: 'unauthorized-after', count: 1 });
    expect((await print(randomUUID())).status).toBe(200);
    expect((await print(randomUUID())).status).toBe(200);
    await env.emulator.fault({ operation: 'print', kind: 'unauthorized', count: 1 });
    expect((await print(randomUUID())).status).toBe(200);
    expect(await env.jobsUpstream()).toHaveLength(before.length + 5);
  });

  it('does not take the job of another for its own, whatever the upstream answers', async () => {
    const known = idOf(await print(randomUUID()));
    const before = await env.jobsUpstream();
    const body = { printStatus: { id: known } };
    await env.emulator.fault({ operation: 'print', kind: 'status', status: 200, count: 1, body });
    const key = randomUUID();
    const answer = await env.as('otto').post(printPath(), printRequest(), keyHeader(key));
    expect(answer.body).toMatchObject({ type: '/problems/outcome-unknown' });
    await eventually(async () => {
      const retry = await env.as('otto').post(printPath(), printRequest(), keyHeader(key));
      expect(retry.status).toBe(200);
      expect(await env.jobsUpstream()).toEqual([...before, idOf(retry)]);
    });
    expect((await env.as('otto').get(statusPath(known))).status).toBe(404);
    await env.emulator.fault({ operation: 'print', kind: 'status', status: 200, count: 1, body });
    const unkeyed = await env.as('otto').post(printPath(fixtures.secondPrinter), printRequest());
    expect(unkeyed.body).toMatchObject({ status: 504, type: '/problems/outcome-unknown' });
  });

  it('knows what it has printed when Redis loses all meanwhile', async () => {
    const key = randomUUID();
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 1_500, count: 1 });
    const calls = await env.emulator.callsOf('print');
    const answer = print(key).then((response) => response);
    await eventually(async () => expect(await env.emulator.callsOf('print')).toBe(calls + 1));
    await redis.command('FLUSHALL');
    const id = idOf(await answer);
    for (const gateway of [0, 1]) {
      const retry = await print(key, fixtures.printer, gateway);
      expect([idOf(retry), retry.headers['idempotency-replayed']]).toEqual([id, 'true']);
    }
  });
});
