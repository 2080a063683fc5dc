import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, someKey } from '../support/some.js';
import { lostPrints, RESOLVING_AT_ONCE } from '../support/lost-prints.js';
import { printPath } from '../support/the.js';

const MANY = 25_000;
const A_MILLION = 1_000_000;

describe('a lost print is found out among very many old jobs', () => {
  let redis: RedisServer;
  let house: House;
  beforeAll(async () => {
    redis = await RedisServer.start();
    house = await House.open({
      // A list that cannot be read for ten times as long is left to a person: long enough for a busy machine.
      gateway: { ...RESOLVING_AT_ONCE, RESOLUTION_SETTLE_MS: '1500', REDIS_URL: redis.url },
      emulator: { EMULATOR_HISTORY_JOBS: String(MANY) },
    });
  });
  afterAll(async () => {
    await house.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await house.emulator.noFaults();
    // A gateway that remembers nothing of which lists there are.
    await house.crash(0);
    await house.restart(0);
  });

  const { losePrint, isPrinted, isNotPrinted } = lostPrints(() => house);
  const callsOf = (operation: 'getPrintJobs' | 'getPaginatedPrintJobsV2') =>
    house.emulator.callsOf(operation);

  it.each([MANY, A_MILLION])('of %i, from a page or two', async (historyJobs) => {
    await house.emulator.offerLists({ historyJobs });
    const whole = await callsOf('getPrintJobs');
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
    expect(await callsOf('getPrintJobs')).toBe(whole);
  });

  it('of which an upstream without pages sends all at once', async () => {
    await house.emulator.offerLists({ historyJobs: MANY, lists: ['whole'], attributes: ['Created On'] });
    const pages = await callsOf('getPaginatedPrintJobsV2');
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
    // What is not there is not asked for each time.
    expect(await callsOf('getPaginatedPrintJobsV2')).toBe(pages + 1);
  });

  it('where pages cannot be ordered', async () => {
    await house.emulator.offerLists({ historyJobs: MANY, lists: ['pages', 'whole'], attributes: [] });
    await isPrinted(await losePrint());
    await isNotPrinted(await losePrint('reset-before'));
  });

  it('where pages cannot be ordered, and there is nothing else', async () => {
    await house.emulator.offerLists({ historyJobs: 2_500, lists: ['pages'], attributes: [] });
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
    await house.emulator.offerLists({ lists, attributes: ['Created On'] });
    await house.emulator.fault({ ...answer, kind: 'status' });
    const key = await losePrint('reset-before');
    await eventually(() => expect(house.output).toContain(reason));
    expect((await house.as('olga').post(printPath(), printRequest(), someKey(key))).status).toBe(409);
    await house.emulator.noFaults();
    await isNotPrinted(key);
  });
});
