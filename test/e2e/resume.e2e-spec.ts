import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath, statusPath, the } from '../support/the.js';

describe('a job that waits to be resumed', () => {
  let house: House;
  let id: string;
  beforeAll(async () => {
    house = await House.open();
    await house.emulator.holdPrints(true);
  });
  afterAll(() => house.close());
  beforeEach(async () => (id = await print()));

  const print = async () =>
    (await house.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
  const resume = (who: string, printJobId: unknown = id, headers: Record<string, string> = {}) =>
    house.as(who).post(the.resume, { printJobId }, headers);
  const statusOf = async () =>
    ((await house.as('olga').get(statusPath(id))).body as { status: string }).status;
  const calls = () => house.emulator.callsOf('resumePrintJob');

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
    expect((await house.as('olga').post(the.resume, body)).status).toBe(400);
    expect(await calls()).toBe(before);
  });

  it('is resumed once under one key, and not a second time without', async () => {
    const before = await calls();
    const key = someKey(randomUUID());
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
    await house.emulator.fault({ operation: 'resumePrintJob', kind: 'reset-after', count: 1 });
    const key = someKey(randomUUID());
    expect((await resume('olga', id, key)).body).toMatchObject({ type: '/problems/outcome-unknown' });
    expect((await resume('olga', id, key)).status).toBe(409);
    expect(await calls()).toBe(before + 1);
    const unknown = (await house.as('anna').get('/api/gateway/v1/unknown-prints')).body as {
      id: string;
      target: string;
    }[];
    const [open] = unknown.filter(({ target }) => target === id);
    expect(open).toMatchObject({ operation: 'resumePrintJob' });
    const settled = await house
      .as('anna')
      .post(`/api/gateway/v1/unknown-prints/${open?.id}`, { outcome: 'printed' });
    expect(settled.status).toBe(204);
    expect((await resume('olga', id, key)).body).toEqual({ printJobId: id });
  });

  it('leaves an audit event that names it, refused or done', async () => {
    await resume('otto');
    await resume('olga');
    const events = () =>
      house.output
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
