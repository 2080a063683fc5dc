import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const JOBS = '/api/gateway/v1/jobs';
const printer2 = '1c1eca1b-71a2-4270-9660-3f3292fa5002';

interface Job {
  printStatusId: string;
  printerId: string;
  status: string | null;
  label: string | null;
}

describe('the list of jobs', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
      policy: withoutQuotas,
      emulator: { EMULATOR_CARD_MS: '600000' },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const print = async (who: string, label = '', printer: string = fixtures.printer) => {
    const headers = { ...keyHeader(), ...(label && { 'x-print-label': label }) };
    const { body } = await env.as(who).post(printPath(printer), printRequest(), headers);
    return String(body.printStatus.id);
  };
  const list = async (who: string, query = '', gateway = 0) => {
    const { status, body } = await env.as(who, gateway).get(`${JOBS}?${query}`);
    expect([query, status]).toEqual([query, 200]);
    return body as { jobs: Job[]; next: string | null };
  };
  const ids = (jobs: readonly Job[]) => jobs.map(({ printStatusId }) => printStatusId);

  it('shows the caller’s jobs, newest first, with their label and last known status', async () => {
    const [first, second] = [await print('otto', 'visitor badge'), await print('otto', '', printer2)];
    const { jobs, next } = await list('otto', '', 1);
    expect(next).toBeNull();
    expect(jobs).toEqual([
      {
        printStatusId: second,
        printerId: printer2,
        label: null,
        createdAt: expect.stringMatching(/Z$/),
        owner: { subject: 'otto', tenant: 'acme' },
        status: 'QUEUED',
        statusAt: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({ printStatusId: first, label: 'visitor badge', status: 'QUEUED' }),
    ]);
    await env.as('otto').delete(statusPath(first));
    expect((await list('otto')).jobs[1]).toMatchObject({ printStatusId: first, status: 'CANCELLED' });
  });

  it('shows a tenant’s and everybody’s jobs to who may see them', async () => {
    const [mine, others] = [await print('olga'), await print('oscar')];
    expect(ids((await list('sonja', 'scope=tenant')).jobs)).toContain(mine);
    expect(ids((await list('sonja', 'scope=tenant')).jobs)).not.toContain(others);
    expect(ids((await list('sonja')).jobs)).toEqual([]);
    expect(ids((await list('anna', 'scope=any')).jobs)).toEqual(expect.arrayContaining([mine, others]));
    for (const [who, scope] of [
      ['olga', 'tenant'],
      ['olga', 'any'],
      ['sonja', 'any'],
    ] as const) {
      const refused = await env.as(who).get(`${JOBS}?scope=${scope}`);
      expect([who, scope, refused.status, refused.body.type]).toEqual([
        who,
        scope,
        403,
        '/problems/jobs-not-granted',
      ]);
    }
  });

  it('filters by status, printer and time', async () => {
    const before = await print('sven', 'old');
    await env.as('sven').delete(statusPath(before));
    const since = new Date().toISOString();
    const after = await print('sven', 'new', printer2);
    const only = async (query: string) => ids((await list('sven', query)).jobs);
    expect(await only('status=CANCELLED')).toEqual([before]);
    expect(await only('status=QUEUED')).toEqual([after]);
    expect(await only(`printerId=${printer2.toUpperCase()}`)).toEqual([after]);
    expect(await only(`since=${since}`)).toEqual([after]);
    expect(await only(`since=${since}&status=CANCELLED`)).toEqual([]);
  });

  it('is turned page by page without losing or repeating a job, however many are printed meanwhile', async () => {
    const expected: string[] = [];
    for (let i = 0; i < 25; i += 1) expected.unshift(await print('olga'));
    const over = new AbortController();
    const printing = (async () => {
      while (!over.signal.aborted) await print('olga');
    })();
    const seen: string[] = [];
    let { jobs, next } = await list('olga', 'limit=4');
    for (;;) {
      seen.push(...ids(jobs));
      if (next === null) break;
      ({ jobs, next } = await list('olga', `limit=4&cursor=${next}`, seen.length % 2));
    }
    over.abort();
    await printing;
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => expected.includes(id))).toEqual(expected);
  });

  it('asks the upstream at most once a second for each running job, however many look', async () => {
    for (let i = 0; i < 20; i += 1) await print('anna');
    await list('anna', 'limit=20');
    const [before, startedAt] = [await env.emulator.callsOf('getPrintStatus'), performance.now()];
    for (let i = 0; i < 10; i += 1)
      await Promise.all(Array.from({ length: 10 }, (_, k) => list('anna', 'limit=20', k % 2)));
    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    expect((await env.emulator.callsOf('getPrintStatus')) - before).toBeLessThanOrEqual(20 * (seconds + 1));
  });

  it('shows jobs also while their status cannot be had', async () => {
    const id = await print('oscar');
    await env.emulator.fault({ operation: 'getPrintStatus', kind: 'status', status: 500 });
    expect((await list('oscar')).jobs[0]).toMatchObject({ printStatusId: id, status: null, statusAt: null });
    await env.emulator.noFaults();
    expect((await list('oscar')).jobs[0]).toMatchObject({ status: 'QUEUED' });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['scope=all', 'scope'],
    ['since=yesterday', 'since'],
    ['since=20990101', 'since'],
    ['since=2099-W01', 'since'],
    ['since=2099-02-30', 'since'],
    ['since=2099-01-01T00:00:00', 'since'],
    ['since=2099-01-01&since=2099-01-02', 'since'],
    ['toString=1', 'toString'],
    ['__proto__=1', '__proto__'],
    ['printerId=1', 'printerId'],
    ['status=queued', 'status'],
    ['cursor=nonsense', 'cursor'],
    ['page=2', 'page'],
  ])('refuses %s, and says what would be right', async (query, path) => {
    const { status, body } = await env.as('olga').get(`${JOBS}?${query}`);
    expect(status).toBe(400);
    expect(body.violations[0].path).toBe(path);
  });

  it('takes a cursor back for the list only that it was given out for', async () => {
    const { next } = await list('olga', 'limit=2');
    for (const [who, query] of [
      ['olga', 'status=QUEUED&'],
      ['anna', ''],
    ] as const)
      expect((await env.as(who).get(`${JOBS}?${query}cursor=${next}`)).status).toBe(400);
    const forged = `${next?.slice(0, -3)}AAA`;
    expect((await env.as('olga').get(`${JOBS}?cursor=${forged}`)).status).toBe(400);
    expect((await list('olga', `limit=2&cursor=${next}`, 1)).jobs).toHaveLength(2);
  });

  it('needs the permission, and the shared state', async () => {
    expect((await env.as('nobody').get(JOBS)).status).toBe(403);
    await redis.kill();
    expect((await env.as('olga').get(JOBS)).status).toBe(503);
    await redis.run();
  });
});
