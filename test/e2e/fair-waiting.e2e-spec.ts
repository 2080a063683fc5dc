import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const PLACES = 8;
const FLOODING = ['olga', 'otto', 'sonja', 'anna'];
/** Reaches the upstream, and asks nothing of the chip. */
const UPDATE = { smartcard: { commands: [] } };

describe('a waiting room that one tenant fills', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: { UPSTREAM_PARALLEL: '2', UPSTREAM_WAITING: String(PLACES), UPSTREAM_WAIT_MS: '30000' },
    });
    for (const who of ['olga', 'otto', 'sonja', 'anna', 'oscar', 'victor']) await env.tokenOf(who);
  });
  afterAll(() => env.close());

  const waiting = async () => {
    const text = await env.gateway(0).metrics();
    return Number(/^\S*upstream_waiting\{calls="others"\} (\d+)/m.exec(text)?.[1]);
  };

  /** A job of somebody's own that takes updates. */
  const smartCardJob = async (who: string) =>
    statusPath(
      (await env.as(who).post(printPath(), printRequest({ smartcard: {} }), keyHeader())).body.printStatus
        .id as string,
    );

  it('has room for every other tenant, and for who asks little in the same one', async () => {
    const jobs = new Map<string, string>();
    for (const who of [...FLOODING, 'oscar']) jobs.set(who, await smartCardJob(who));
    const update = (who: string) => env.as(who).patch(jobs.get(who) as string, UPDATE);
    await env.emulator.fault({ operation: 'updatePrint', kind: 'latency', milliseconds: 300, share: 1 });
    const flood = FLOODING.flatMap((who) => Array.from({ length: 10 }, () => update(who)));
    await eventually(async () => expect(await waiting()).toBe(PLACES));
    const quiet = await Promise.all([update('oscar'), env.as('victor').get(fixtures.counts)]);
    expect(quiet.map(({ status }) => status)).toEqual([202, 200]);
    const flooded = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(flooded)).toEqual(new Set([202, 503]));
    await env.emulator.noFaults();
  });
});
