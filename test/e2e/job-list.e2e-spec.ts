import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { lostPrints, RESOLVING_AT_ONCE } from '../support/lost-prints.js';
import { printPath } from '../support/fixtures.js';

const MANY = 10_000;
const A_MILLION = 1_000_000;

describe('a lost print is found out among very many old jobs', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      // A list that cannot be read for ten times as long is left to a person: long enough for a busy machine.
      gateway: { ...RESOLVING_AT_ONCE, RESOLUTION_SETTLE_MS: '1500', REDIS_URL: redis.url },
      emulator: { EMULATOR_HISTORY_JOBS: String(MANY) },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await env.emulator.noFaults();
    // A gateway that remembers nothing of which lists there are.
    await env.crash(0);
    await env.restart(0);
  });

  const { losePrint, isPrinted, isNotPrinted } = lostPrints(() => env);
  const callsOf = (operation: 'getPrintJobs' | 'getPaginatedPrintJobsV2') => env.emulator.callsOf(operation);

  it.each([MANY, A_MILLION])('of %i, from a page or two', async (historyJobs) => {
    await env.emulator.offerLists({ historyJobs });
    const whole = await callsOf('getPrintJobs');
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
    expect(await callsOf('getPrintJobs')).toBe(whole);
  });

  it('of which an upstream without pages sends all at once', async () => {
    await env.emulator.offerLists({ historyJobs: MANY, lists: ['whole'], attributes: ['Created On'] });
    const pages = await callsOf('getPaginatedPrintJobsV2');
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
    // What is not there is not asked for each time.
    expect(await callsOf('getPaginatedPrintJobsV2')).toBe(pages + 1);
  });

  it('where pages cannot be ordered', async () => {
    await env.emulator.offerLists({ historyJobs: MANY, lists: ['pages', 'whole'], attributes: [] });
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
  });

  it('where pages cannot be ordered, and there is nothing else', async () => {
    await env.emulator.offerLists({ historyJobs: 2_500, lists: ['pages'], attributes: [] });
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
  });

  it.each<[string, string, Omit<Fault, 'kind'>]>([
    [
      'leads in a circle',
      'leads back to a page that was read',
      {
        operation: 'getPaginatedPrintJobsV2',
        status: 200,
        body: { printJobs: [], paging: { limit: 100, nextCursor: 'again' } },
      },
    ],
    [
      'is cut off',
      'is not a whole list',
      {
        operation: 'getPrintJobs',
        status: 200,
        body: '[{"id":"',
        headers: { 'content-type': 'application/json' },
      },
    ],
  ])('and from no list that %s', async (_, reason, answer) => {
    const lists = answer.operation === 'getPrintJobs' ? ['whole'] : ['pages', 'whole'];
    await env.emulator.offerLists({ lists, attributes: ['Created On'] });
    await env.emulator.fault({ ...answer, kind: 'status' });
    const key = await losePrint('reset-before');
    await eventually(() => expect(env.output).toContain(reason));
    expect((await env.as('olga').post(printPath(), printRequest(), keyHeader(key))).status).toBe(409);
    await env.emulator.noFaults();
    await isNotPrinted(key);
  });
});
