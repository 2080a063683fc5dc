import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RESOLVING_AT_ONCE } from '../support/lost-prints.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

const UNKNOWN = '/api/gateway/v1/unknown-prints';

describe('a print of unknown outcome is found out', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start('--appendonly', 'yes');
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: {
        REDIS_URL: redis.url,
        ...RESOLVING_AT_ONCE,
      },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });
  beforeEach(() => env.emulator.noFaults());

  const print = (key: string | undefined, who = 'olga', gateway = 0) =>
    env.as(who, gateway).post(printPath(), printRequest(), {
      ...(key !== undefined && keyHeader(key)),
      'x-print-label': 'a badge',
    });
  const lose = async (kind: Fault['kind'], who = 'olga') => {
    const key = randomUUID();
    await env.emulator.fault({ operation: 'print', kind, count: 1 });
    expect((await print(key, who)).status).toBe(504);
    return key;
  };
  /** Both lists of jobs that the upstream has. */
  const listsAnswer = async (answer: Pick<Fault, 'status' | 'body'>) => {
    for (const operation of ['getPaginatedPrintJobsV2', 'getPrintJobs'])
      await env.emulator.fault({ operation, kind: 'status', ...answer });
  };
  const unknown = async () => (await env.as('anna').get(UNKNOWN)).body as { submitter: object }[];
  const settleByHand = async (force = false) => {
    const [newest] = (await unknown()) as unknown as { id: string }[];
    const settlement = { outcome: 'not-printed', force };
    expect((await env.as('anna').post(`${UNKNOWN}/${newest?.id}`, settlement)).status).toBe(204);
  };
  const isSettled = (key: string, who = 'olga') =>
    eventually(async () => {
      const response = await print(key, who, 1);
      expect(response.status).toBe(200);
      return response;
    });
  /** Something must be known to be ours before anything can be concluded. */
  const printSomethingKnown = async () => {
    const response = await print(undefined);
    expect(response.status).toBe(200);
    await delay(800);
    return response;
  };

  it('to be printed: its key answers with its job, which belongs to who submitted it', async () => {
    await printSomethingKnown();
    const before = await env.jobsUpstream();
    const key = await lose('reset-after');
    const response = await isSettled(key);
    expect(response.headers['idempotency-replayed']).toBe('true');
    const id = String(response.body.printStatus.id);
    expect(before).not.toContain(id);
    expect(await env.jobsUpstream()).toEqual([...before, id]);
    expect((await env.as('olga').get(statusPath(id))).status).toBe(200);
    expect((await env.as('otto').get(statusPath(id))).status).toBe(404);
  });

  it('to be not printed: its key is free, and prints once', async () => {
    await printSomethingKnown();
    const key = await lose('reset-before');
    expect((await print(key)).status).toBe(409);
    const before = await env.jobsUpstream();
    const response = await isSettled(key);
    expect(response.headers['idempotency-replayed']).toBeUndefined();
    expect(await env.jobsUpstream()).toHaveLength(before.length + 1);
  });

  it('also when its gateway died before it heard the answer', async () => {
    await printSomethingKnown();
    const key = randomUUID();
    const before = await env.jobsUpstream();
    await env.emulator.fault({ operation: 'print', kind: 'slow-drip', count: 1, milliseconds: 200 });
    const dropped = print(key, 'olga', 1).then(
      () => 'answered',
      () => 'dropped',
    );
    await eventually(async () => expect(await env.jobsUpstream()).toHaveLength(before.length + 1));
    await env.crash(1);
    expect(await dropped).toBe('dropped');
    await env.restart(1);
    const response = await isSettled(key);
    expect(response.headers['idempotency-replayed']).toBe('true');
    expect(await env.jobsUpstream()).toHaveLength(before.length + 1);
  });

  it('also without a key: its job is the caller’s', async () => {
    await printSomethingKnown();
    const before = await env.jobsUpstream();
    await env.emulator.fault({ operation: 'print', kind: 'reset-after', count: 1 });
    expect((await print(undefined)).status).toBe(502);
    await eventually(async () => {
      const id = (await env.jobsUpstream()).find((job) => !before.includes(job));
      expect((await env.as('olga').get(statusPath(id ?? ''))).status).toBe(200);
    });
    expect(await unknown()).toEqual([]);
  });

  it('each of two that were lost one behind the other, with its own job', async () => {
    await printSomethingKnown();
    const keys = [randomUUID(), randomUUID()];
    await env.emulator.fault({ operation: 'print', kind: 'reset-after', count: 2 });
    const before = await env.jobsUpstream();
    const lost = await Promise.all(keys.map((key) => print(key)));
    expect(lost.map(({ status }) => status)).toContain(504);
    const [one, other] = await Promise.all(keys.map((key) => isSettled(key)));
    const ids = [one, other].map((response) => String(response?.body.printStatus.id));
    const made = (await env.jobsUpstream()).filter((id) => !before.includes(id));
    expect([...ids].sort()).toEqual([...made].sort());
    expect(new Set(ids).size).toBe(2);
  });

  it('and the cards of the day are given back that were not printed', async () => {
    await printSomethingKnown();
    const used = async () => {
      const { body } = await env.as('olga').get('/api/gateway/v1/me');
      return (body as { cardsToday: { used: number } }).cardsToday.used;
    };
    const before = await used();
    const key = await lose('reset-before');
    expect(await used()).toBe(before + 1);
    await eventually(async () => expect(await used()).toBe(before));
    expect(await unknown()).toEqual([]);
    expect((await print(key)).status).toBe(200);
  });

  /** Its job is nobody's either: what is lost right behind it could have become that job, and would be left to a person. */
  it('unless the application may not list jobs: that waits for a person, and the printer does not', async () => {
    await env.emulator.noLists();
    const key = await lose('reset-after');
    expect((await print(randomUUID())).status).toBe(200);
    expect((await print(key)).body).toMatchObject({ type: '/problems/outcome-still-unknown' });
    expect(env.output).toContain('the application of the gateway may not list jobs');
    await settleByHand();
    expect((await print(key)).status).toBe(200);
  });

  /** The last: its job is nobody's then, and must not be taken for that of a print right behind it. */
  it('unless the upstream does not list what we know: that waits for a person', async () => {
    await printSomethingKnown();
    await listsAnswer({ status: 200, body: { printJobs: [], paging: { limit: 100 } } });
    const key = await lose('reset-after');
    await eventually(() => expect(env.output).toContain('names no job by the id that print returned'));
    await env.emulator.noFaults();
    await delay(1_000);
    expect((await print(key)).body).toMatchObject({ type: '/problems/outcome-still-unknown' });
    await settleByHand(true);
  });
});
