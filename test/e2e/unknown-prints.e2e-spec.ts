import { randomUUID } from 'node:crypto';
import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const UNKNOWN = '/api/gateway/v1/unknown-prints';

describe('a print of unknown outcome', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());

  const lose = async (kind: Fault['kind']): Promise<{ key: string; id: string }> => {
    const key = randomUUID();
    await env.emulator.noLists();
    await env.emulator.fault({ operation: 'print', kind, count: 1 });
    const request = printRequest({ printerPreferences: { copies: 2 } });
    expect((await env.as('olga').post(printPath(), request, keyHeader(key))).status).toBe(504);
    const { body } = await env.as('anna').get(UNKNOWN);
    const [newest] = body as { id: string }[];
    expect(newest).toMatchObject({
      operation: 'print',
      target: fixtures.printer,
      copies: 2,
      submitter: { subject: 'olga' },
    });
    // When the printer can be used again, it is left to a person.
    await eventually(async () => expect((await env.as('olga').post(printPath(), request)).status).toBe(200));
    await env.emulator.noFaults();
    return { key, id: newest?.id ?? '' };
  };
  const settle = (id: string, settlement: object) => env.as('anna').post(`${UNKNOWN}/${id}`, settlement);
  const retry = (key: string) =>
    env.as('olga').post(printPath(), printRequest({ printerPreferences: { copies: 2 } }), keyHeader(key));

  it('is settled as printed by a person, with the job that it became', async () => {
    const { key, id } = await lose('reset-after');
    const [jobId] = (await env.jobsUpstream()).slice(-2);
    expect((await settle(id, { outcome: 'printed' })).status).toBe(400);
    expect((await settle(id, { outcome: 'printed', printStatusId: fixtures.unknownId })).status).toBe(404);
    expect((await settle(id, { outcome: 'printed', printStatusId: jobId })).status).toBe(204);
    const replay = await retry(key);
    expect(replay.body).toMatchObject({ printStatus: { id: jobId } });
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect((await env.as('olga').get(statusPath(jobId ?? ''))).status).toBe(200);
    expect((await settle(id, { outcome: 'not-printed' })).status).toBe(404);
  });

  it('is settled as not printed by a person: the same key prints once more', async () => {
    const { key, id } = await lose('reset-before');
    expect((await settle(id, { outcome: 'not-printed' })).status).toBe(204);
    expect((await retry(key)).status).toBe(200);
    expect((await env.as('anna').get(UNKNOWN)).body).toEqual([]);
  });

  it('is for nobody else to see or to settle', async () => {
    const { id } = await lose('reset-before');
    for (const who of ['olga', 'sonja']) {
      expect((await env.as(who).get(UNKNOWN)).status).toBe(403);
      expect((await env.as(who).post(`${UNKNOWN}/${id}`, { outcome: 'not-printed' })).status).toBe(403);
    }
    expect((await settle(id, { outcome: 'perhaps' })).status).toBe(400);
    expect((await settle('unknown', { outcome: 'not-printed' })).status).toBe(404);
  });
});
