import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath, statusPath } from '../support/the.js';

const MANY = 25_000;
const A_MILLION = 1_000_000;
const MEGABYTE = 1_048_576;
/** A list of a million jobs is 380 MB long. */
const MEMORY_BOUND = 128 * MEGABYTE;

describe('a lost print is found out among very many old jobs', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({
      gateway: {
        IDAAS_PRINT_TIMEOUT_MS: '1000',
        UPSTREAM_WAIT_MS: '1000',
        IDEMPOTENCY_MARGIN_MS: '1000',
        RESOLUTION_INTERVAL_MS: '100',
        RESOLUTION_SETTLE_MS: '600',
        RESOLUTION_SKEW_MS: '100',
        // One page of the list fits, and not much more.
        IDAAS_MAX_RESPONSE_BYTES: '100000',
      },
      emulator: { EMULATOR_HISTORY_JOBS: String(MANY) },
    });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    await house.emulator.noFaults();
    // A gateway that remembers nothing of which lists there are.
    await house.crash(0);
    await house.restart(0);
  });

  const print = (key: string) => house.as('olga').post(printPath(), printRequest(), someKey(key));
  /** A print whose answer is lost, with a job before it that is known to be ours. */
  const losePrint = async (kind: Fault['kind'] = 'reset-after') => {
    expect((await print(randomUUID())).status).toBe(200);
    await delay(800);
    const key = randomUUID();
    await house.emulator.fault({ operation: 'print', kind, count: 1 });
    expect((await print(key)).status).toBe(504);
    return key;
  };
  const isPrinted = (key: string, withinMs?: number) =>
    eventually(async () => {
      const response = await print(key);
      expect([response.status, response.headers['idempotency-replayed']]).toEqual([200, 'true']);
      expect((await house.as('olga').get(statusPath(String(response.body.printStatus.id)))).status).toBe(200);
    }, withinMs);
  const isNotPrinted = (key: string) =>
    eventually(async () => {
      const response = await print(key);
      expect([response.status, response.headers['idempotency-replayed']]).toEqual([200, undefined]);
    });
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

  it('also a million of them, of which the gateway keeps none in memory', async () => {
    await house.emulator.offerLists({ historyJobs: A_MILLION, lists: ['whole'] });
    const { program } = house.gateway(0);
    const key = await losePrint();
    const before = program.residentBytes;
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, program.residentBytes)), 20);
    await isPrinted(key, 90_000).finally(() => clearInterval(sampling));
    expect(most - before).toBeLessThan(MEMORY_BOUND);
  }, 120_000);

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

  it('and from no list that leads in a circle, or is cut off', async () => {
    await house.emulator.offerLists({ lists: ['pages', 'whole'], attributes: ['Created On'] });
    const body = { printJobs: [], paging: { limit: 100, nextCursor: 'again' } };
    await house.emulator.fault({ operation: 'getPaginatedPrintJobsV2', kind: 'status', status: 200, body });
    const key = await losePrint('reset-before');
    await eventually(() => expect(house.output).toContain('leads back to a page that was read'));
    await house.emulator.offerLists({ lists: ['whole'] });
    await house.emulator.noFaults();
    await house.emulator.fault({ operation: 'getPrintJobs', kind: 'status', status: 200, body: '[{"id":"' });
    await house.emulator.fault({ operation: 'getPaginatedPrintJobsV2', kind: 'status', status: 404 });
    await eventually(() => expect(house.output).toContain('is not a whole list'));
    expect((await print(key)).status).toBe(409);
    await house.emulator.noFaults();
    await isNotPrinted(key);
  });
});
