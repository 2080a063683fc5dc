import { randomUUID } from 'node:crypto';
import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const UNKNOWN = '/api/gateway/v1/unknown-prints';
const LISTS = ['getPrintJobs', 'getPaginatedPrintJobsV2'];

/** Victor settles prints of all printers without seeing a job, sonja those of one printer. */
const settlers = (yaml: string) =>
  yaml
    .replace(
      /(viewer:\n {4}permissions:) .*\n {4}jobs: .*\n {4}printers: .*/,
      `$1 [ISSUANCE:EDIT]\n    jobs: any\n    printers: '*'`,
    )
    .replace(
      /(supervisor:\n {4}permissions: .*)\n {4}jobs: .*\n {4}printers: .*/,
      `$1\n    jobs: any\n    printers: [${fixtures.printer}]`,
    );

/** What a person says of a print is held against the upstream's list of jobs. */
describe('a print of unknown outcome that a person settles', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open({ policy: settlers })));
  afterAll(() => env.close());
  beforeEach(async () => {
    await env.emulator.noFaults();
    // What was printed before is not taken for what this test prints.
    await env.emulator.advance(5_000);
  });

  const print = (key: string, printer: string = fixtures.printer) =>
    env.as('anna').post(printPath(printer), printRequest(), keyHeader(key));
  const listsFail = async (fault: Partial<Fault>) => {
    for (const operation of LISTS) await env.emulator.fault({ operation, kind: 'status', ...fault });
  };
  /** One that nobody but a person can settle, and the job that came of it. */
  const lose = async (kind: Fault['kind'], printer: string = fixtures.printer) => {
    const [key, before] = [randomUUID(), await env.jobsUpstream()];
    await env.emulator.noLists();
    await env.emulator.fault({ operation: 'print', kind, count: 1 });
    expect((await print(key, printer)).status).toBe(504);
    const [newest] = (await env.as('anna').get(UNKNOWN)).body as { id: string }[];
    const job = (await env.jobsUpstream()).find((id) => !before.includes(id));
    // When the printer can be used again, it is left to a person: until then a list that can be read settles it.
    await eventually(async () => expect((await print(randomUUID(), printer)).status).toBe(200));
    await env.emulator.noFaults();
    return { key, id: newest?.id ?? '', job: job ?? '' };
  };
  const settle = (id: string, settlement: object, who = 'anna') =>
    env.as(who).post(`${UNKNOWN}/${id}`, settlement);

  it('is not settled as not printed where a job fits, unless the person insists', async () => {
    const { key, id, job } = await lose('reset-after');
    const refused = await settle(id, { outcome: 'not-printed' });
    expect(refused.body).toMatchObject({
      status: 409,
      type: '/problems/job-fits',
      printStatusIds: [job],
      detail: expect.stringContaining('"force": true'),
    });
    expect((await print(key)).body).toMatchObject({ type: '/problems/outcome-still-unknown' });
    for (let time = 0; time < 2; time += 1)
      expect((await settle(id, { outcome: 'not-printed', force: true })).status).toBe(204);
    expect((await settle(id, { outcome: 'printed', printStatusId: job })).status).toBe(404);
    expect((await print(key)).status).toBe(200);
    await eventually(() => expect(env.output).toMatch(/"outcome":"not-printed".*"jobList":"not-asked"/));
  });

  it('is told which job fits only to who may see it', async () => {
    const { id, job } = await lose('reset-after');
    const refused = await settle(id, { outcome: 'not-printed' }, 'victor');
    expect(refused.body).toMatchObject({ status: 409, type: '/problems/job-fits' });
    expect(JSON.stringify(refused.body)).not.toContain(job);
    expect((await settle(id, { outcome: 'printed', printStatusId: job })).status).toBe(204);
  });

  it('is settled as not printed also where the list will never be readable, and the audit says so', async () => {
    const { key, id } = await lose('reset-after');
    await env.emulator.noLists();
    expect((await settle(id, { outcome: 'not-printed' })).status).toBe(204);
    await eventually(() => expect(env.output).toMatch(/"outcome":"not-printed".*"jobList":"unreadable"/));
    expect((await print(key)).status).toBe(200);
  });

  it('is not settled as not printed while the list fails for now, unless the person insists', async () => {
    const { id } = await lose('reset-before');
    await listsFail({ status: 503 });
    expect((await settle(id, { outcome: 'not-printed' })).status).toBe(502);
    expect((await env.as('anna').get(UNKNOWN)).body).toMatchObject([{ id }]);
    expect((await settle(id, { outcome: 'not-printed', force: true })).status).toBe(204);
  });

  it('is not settled as not printed when the one job that fits cannot be looked at', async () => {
    const { id, job } = await lose('reset-after');
    await env.emulator.fault({ operation: 'getPrintStatus', kind: 'status', status: 403 });
    const refused = await settle(id, { outcome: 'not-printed' });
    expect(refused.body).toMatchObject({ type: '/problems/job-fits', printStatusIds: [job] });
    expect((await settle(id, { outcome: 'not-printed', force: true })).status).toBe(204);
  });

  it('becomes no job of another printer, of before, or of another creator, and it is said what is wrong', async () => {
    const wrong = async (id: string, printStatusId: string, who: string) => {
      const { status, body } = await settle(id, { outcome: 'printed', printStatusId }, who);
      expect(status).toBe(400);
      return (body as { violations: { message: string }[] }).violations[0]?.message;
    };
    const jobOf = async (printer?: string) => {
      const { body } = await print(randomUUID(), printer);
      return (body as { printStatus: { id: string } }).printStatus.id;
    };
    const before = await lose('reset-after');
    expect((await settle(before.id, { outcome: 'not-printed', force: true })).status).toBe(204);
    await env.emulator.advance(5_000);
    const { id, job } = await lose('reset-after');
    const elsewhere = await lose('reset-after', fixtures.otherPrinter);
    expect(await wrong(id, elsewhere.job, 'anna')).toBe('must not be a job of another printer');
    expect(await wrong(id, before.job, 'anna')).toBe('must not be a job of before this print');
    expect(await wrong(id, elsewhere.job, 'sonja')).toBe(
      'must name a job that the upstream lists at the printer of this print since it was sent',
    );
    const known = await jobOf();
    const createdOn = new Date(Date.now() + 60_000).toISOString();
    const listed = (jobId: string, creatorId: string) => ({
      ...{ id: 1, jobId, printerId: fixtures.printer, creatorType: 'API', creatorId },
      createdOn,
    });
    const printJobs = [listed(job, 'another application'), listed(known, 'the gateway’s')];
    await listsFail({ status: 200, body: { printJobs, paging: { limit: 100 } } });
    expect(await wrong(id, job, 'anna')).toBe('must not be a job that another application or a user created');
    await env.emulator.noFaults();
    expect((await settle(id, { outcome: 'printed', printStatusId: job }, 'sonja')).status).toBe(204);
  });
});

describe('a print of which a job may still show up', () => {
  it('is settled as not printed only when the person insists', async () => {
    const env = await TestEnvironment.open({ gateway: { RESOLUTION_SETTLE_MS: '60000' } });
    const key = randomUUID();
    const print = () => env.as('anna').post(printPath(), printRequest(), keyHeader(key));
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    expect((await print()).status).toBe(504);
    const [lost] = (await env.as('anna').get(UNKNOWN)).body as { id: string }[];
    const settle = (settlement: object) =>
      env.as('anna').post(`${UNKNOWN}/${lost?.id ?? ''}`, { outcome: 'not-printed', ...settlement });
    const refused = await settle({});
    expect(refused.body).toMatchObject({ status: 409, type: '/problems/job-may-still-show' });
    expect(refused.headers['retry-after']).toBe('10');
    expect((await settle({ force: true })).status).toBe(204);
    expect((await print()).status).toBe(200);
    await env.close();
  });
});
