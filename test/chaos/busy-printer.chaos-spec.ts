import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../support/in-parallel.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { expectInOrder, PatientClients, type PatientPrint } from '../support/patient-clients.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const CALL_MS = 300;
const SETTLE_MS = 60_000;
const WHO = 'anna';

const say = (text: string) => process.stdout.write(`busy printer: ${text}\n`);
const tries = (prints: readonly PatientPrint[]) => prints.reduce((sum, print) => sum + print.tries, 0);

/** Two gateways with the times of production, and clients that honour `Retry-After`. */
describe('a printer that many ask at once', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  let clients: PatientClients;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      policy: withoutQuotas,
      gateway: { REDIS_URL: redis.url, RESOLUTION_SETTLE_MS: String(SETTLE_MS), LOG_LEVEL: 'info' },
    });
    clients = new PatientClients(env, WHO);
    // Connections, auth tokens and code are there.
    for (const printer of [fixtures.printer, fixtures.secondPrinter]) await clients.all(20, printer);
  });
  afterAll(async () => {
    await clients.close();
    await env.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await env.emulator.onlyFault({ operation: 'print', kind: 'latency', milliseconds: CALL_MS });
  });

  const timed = async <T>(act: () => Promise<T>) => {
    const startedAtMs = performance.now();
    const result = await act();
    return { result, tookMs: performance.now() - startedAtMs };
  };

  it('prints three hundred once each, in order, in little more than their calls take', async () => {
    const before = (await env.jobsUpstream()).length;
    const { result, tookMs } = await timed(() => clients.all(300, fixtures.printer));
    await expectInOrder(result, env);
    expect(await env.jobsUpstream()).toHaveLength(before + 300);
    const ratio = tookMs / (300 * CALL_MS);
    say(`300 prints took ${ratio.toFixed(3)} of their calls' time, in ${tries(result)} tries`);
    expect(ratio).toBeLessThanOrEqual(1.3);
  }, 300_000);

  it('does not hold up another: two print at twice the pace of one', async () => {
    const one = await timed(() => clients.all(60, fixtures.printer));
    const two = await timed(() =>
      Promise.all([fixtures.printer, fixtures.secondPrinter].map((printer) => clients.all(60, printer))),
    );
    const pace = (2 * one.tookMs) / two.tookMs;
    say(`two printers print at ${pace.toFixed(2)} times the pace of one`);
    expect(pace).toBeGreaterThan(1.8);
  }, 300_000);

  it('is open again when a lost print is known to be none, not earlier and not a second later; others are meanwhile', async () => {
    await env.emulator.onlyFault({ operation: 'print', kind: 'reset-before', count: 1 });
    const sentAtMs = performance.now();
    const lost = await env.as(WHO).post(printPath(), printRequest(), keyHeader());
    const lostAtMs = performance.now();
    expect(lost.body).toMatchObject({ type: '/problems/outcome-unknown' });
    const waiting = [0, 1, 2, 3, 4, 5].map(async (i) => {
      // One of them waits while another is told to come again.
      await delay(1_000 * i);
      return clients.print(fixtures.printer, i % 2);
    });
    const first = Promise.race(waiting);
    const others = inParallel([0, 1], 2, async (gateway) => {
      const prints: PatientPrint[] = [];
      while (performance.now() < lostAtMs + SETTLE_MS - 5_000) {
        prints.push(await clients.print(fixtures.secondPrinter, gateway));
        await delay(500);
      }
      return prints;
    });
    const { endedAtMs } = await first;
    say(`open again ${((endedAtMs - lostAtMs) / 1_000).toFixed(2)} s after a lost print`);
    expect(endedAtMs - sentAtMs).toBeGreaterThanOrEqual(SETTLE_MS);
    expect(endedAtMs - lostAtMs).toBeLessThan(SETTLE_MS + 1_000);
    expect(new Set((await others).flat().map((print) => print.tries))).toEqual(new Set([1]));
    await Promise.all(waiting);
  }, 120_000);
});
