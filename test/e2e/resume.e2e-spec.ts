import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('a job that waits to be resumed', () => {
  let env: TestEnvironment;
  let id: string;
  beforeAll(async () => {
    env = await TestEnvironment.open();
    await env.emulator.holdPrints(true);
  });
  afterAll(() => env.close());
  beforeEach(async () => (id = await print()));

  const print = async () =>
    (await env.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
  const resume = (who: string, printJobId: unknown = id, headers: Record<string, string> = {}) =>
    env.as(who).post(fixtures.resume, { printJobId }, headers);
  const statusOf = async () => ((await env.as('olga').get(statusPath(id))).body as { status: string }).status;
  const calls = () => env.emulator.callsOf('resumePrintJob');

  it('is printed then, and its status is asked for anew at once', async () => {
    expect(await statusOf()).toBe('AWAITING_PRINT');
    const response = await resume('olga');
    expect([response.status, response.body]).toEqual([200, { printJobId: id }]);
    expect(await statusOf()).toBe('QUEUED');
  });

  it('is found by its id in upper case too', async () => {
    const response = await resume('olga', id.toUpperCase());
    expect([response.status, response.body]).toEqual([200, { printJobId: id }]);
  });

  it('is resumed by those alone who may print, and see it under the same role', async () => {
    const before = await calls();
    for (const [who, status] of [
      ['victor', 403],
      ['otto', 404],
      ['sven', 404],
    ] as const)
      expect([who, (await resume(who)).status]).toEqual([who, status]);
    expect(await calls()).toBe(before);
    expect((await resume('sonja')).status).toBe(200);
  });

  it.each([
    ['no body', undefined],
    ['another member', { printJobId: 'ffffffff-ffff-4fff-bfff-ffffffffffff', force: true }],
    ['no id', {}],
    ['a path', { printJobId: '../../printcounts' }],
    ['a list', { printJobId: ['ffffffff-ffff-4fff-bfff-ffffffffffff'] }],
    ['a number', { printJobId: 1 }],
  ])('is not looked for by %s', async (_, body) => {
    const before = await calls();
    expect((await env.as('olga').post(fixtures.resume, body)).status).toBe(400);
    expect(await calls()).toBe(before);
  });

  it('is resumed once under one key, and not a second time without', async () => {
    const before = await calls();
    const key = keyHeader(randomUUID());
    expect((await resume('olga', id, key)).status).toBe(200);
    const replay = await resume('olga', id, key);
    expect([replay.status, replay.body]).toEqual([200, { printJobId: id }]);
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(await calls()).toBe(before + 1);
    const again = await resume('olga');
    expect([again.status, again.body]).toMatchObject([
      400,
      { type: '/problems/upstream-refused', code: 'invalid_state', message: 'The job is QUEUED' },
    ]);
  });

  it('is not resumed a second time when the answer is lost: a person settles it', async () => {
    const before = await calls();
    await env.emulator.fault({ operation: 'resumePrintJob', kind: 'reset-after', count: 1 });
    const key = keyHeader(randomUUID());
    expect((await resume('olga', id, key)).body).toMatchObject({ type: '/problems/outcome-unknown' });
    expect((await resume('olga', id, key)).status).toBe(409);
    expect(await calls()).toBe(before + 1);
    const unknown = (await env.as('anna').get('/api/gateway/v1/unknown-prints')).body as {
      id: string;
      target: string;
    }[];
    const [open] = unknown.filter(({ target }) => target === id);
    expect(open).toMatchObject({ operation: 'resumePrintJob' });
    const settled = await env
      .as('anna')
      .post(`/api/gateway/v1/unknown-prints/${open?.id}`, { outcome: 'printed' });
    expect(settled.status).toBe(204);
    expect((await resume('olga', id, key)).body).toEqual({ printJobId: id });
  });

  it('leaves an audit event that names it, refused or done', async () => {
    await resume('otto');
    await resume('olga');
    const events = () =>
      env.output
        .split('\n')
        .filter((line) => line.includes('"channel":"audit"') && line.includes('resumePrintJob'))
        .map((line) => JSON.parse(line) as { printStatusId?: string })
        .filter(({ printStatusId }) => printStatusId === id);
    await eventually(() =>
      expect(events()).toMatchObject([
        { outcome: 'refused', problem: 'not-found', by: { subject: 'otto' } },
        { outcome: 'done', by: { subject: 'olga' } },
      ]),
    );
  });
});
