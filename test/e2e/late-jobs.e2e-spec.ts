import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RESOLVING_AT_ONCE } from '../support/lost-prints.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const SETTLE_MS = 300;

/** A job that the upstream lists only after its print was settled as not printed. */
describe('a job that shows up late', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    const settings = { RESOLUTION_SETTLE_MS: String(SETTLE_MS), UPSTREAM_WAIT_MS: '8000' };
    env = await TestEnvironment.open({ gateway: { ...RESOLVING_AT_ONCE, ...settings } });
  });
  afterAll(() => env.close());

  const print = (key: string, printer: string) =>
    env.as('olga').post(printPath(printer), printRequest(), keyHeader(key));
  const jobOf = (response: { body: { printStatus: { id: string } } }) => response.body.printStatus.id;
  /** A print whose job is not listed yet, and that job. */
  const lose = async (printer: string) => {
    const key = randomUUID();
    expect((await print(randomUUID(), printer)).status).toBe(200);
    // It is old enough to speak for the list.
    await delay(2 * SETTLE_MS);
    await env.emulator.offerLists({ hidesNewJobs: true });
    await env.emulator.fault({ operation: 'print', kind: 'reset-after', count: 1 });
    expect((await print(key, printer)).status).toBe(504);
    const job = (await env.jobsUpstream()).at(-1) as string;
    return { key, job };
  };
  const lateJobs = async () => {
    const text = await env.gateway(0).metrics();
    return /^print_gateway_late_jobs_total (\d+)$/m.exec(text)?.[1];
  };

  it('is told of in the log, a metric and the audit, once, and is nobody’s', async () => {
    expect(await lateJobs()).toBe('0');
    const { key, job } = await lose(fixtures.printer);
    const second = await eventually(async () => {
      const response = await print(key, fixtures.printer);
      expect(response.status).toBe(200);
      return jobOf(response);
    });
    expect(second).not.toBe(job);
    await env.emulator.offerLists({ hidesNewJobs: false });
    await eventually(async () => expect(await lateJobs()).toBe('1'), 20_000);
    const linesOfJob = () => env.output.split('\n').filter((line) => line.includes(job));
    await eventually(() => expect(linesOfJob().join()).toMatch(/"level":50[^\n]*has a job after all/));
    const events = linesOfJob().filter((line) => line.includes('"outcome":"late-job"'));
    expect(events).toHaveLength(1);
    expect(JSON.parse(events[0] ?? '')).toMatchObject({
      ...{ by: 'gateway', operation: 'settle', printerId: fixtures.printer, printStatusId: job },
      submitter: { subject: 'olga' },
    });
    expect((await env.as('olga').get(statusPath(job))).status).toBe(404);
  });

  it('is not taken for that of the print behind it, which waits for a person', async () => {
    const { job } = await lose(fixtures.secondPrinter);
    const key = randomUUID();
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    // It waits until the one before is settled.
    expect((await print(key, fixtures.secondPrinter)).status).toBe(504);
    await env.emulator.offerLists({ hidesNewJobs: false });
    await eventually(() => expect(env.output).toContain('may as well be that of another print'));
    await eventually(async () =>
      expect((await print(randomUUID(), fixtures.secondPrinter)).status).toBe(200),
    );
    expect((await print(key, fixtures.secondPrinter)).body).toMatchObject({
      type: '/problems/outcome-still-unknown',
    });
    expect((await env.as('olga').get(statusPath(job))).status).toBe(404);
  });
});
