import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { FAULTS } from './faults.js';
import { FaultyHouse, OPERATIONS, type Outcome } from './faulty-house.js';

/** A fault lasts as long as two rounds of requests take, and at least so long. */
const LASTS_MS = 1_000;
const RECOVERED_MS = 5_000;
/** What a busy machine may add before the test gives up; what took longer than `RECOVERED_MS` fails all the same. */
const PATIENCE_MS = 30_000;
/** A gateway that was stopped or killed answers nobody meanwhile. */
const ANSWERS_NOBODY = 'gateway: ';

describe('whatever fails', () => {
  let faulty: FaultyHouse;
  const rows: string[] = [];
  beforeAll(async () => void (faulty = await FaultyHouse.open()));
  afterAll(async () => {
    const head = '| fault | prints | reads of the upstream | reads of the gateway | recovered in |';
    process.stdout.write(`\n${head}\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`);
    await faulty.close();
  });

  const metric = async (name: string) => {
    const text = await faulty.house.gateway(0).metrics();
    return Number(new RegExp(`^print_gateway_${name}(?:\\{.*\\})? (.*)$`, 'm').exec(text)?.[1] ?? 0);
  };

  /** How long it takes until every operation is answered by what it asks for again. */
  async function recovery(): Promise<number> {
    const startedAtMs = performance.now();
    return eventually(async () => {
      const failed = (await faulty.tryAll(randomUUID())).filter(
        ({ status }) => status === 0 || status >= 500,
      );
      expect(failed).toEqual([]);
      return performance.now() - startedAtMs;
    }, PATIENCE_MS);
  }

  it.each(Object.entries(FAULTS))(
    '%s: no caller waits too long, nothing is printed twice, and all is well again soon',
    async (name, { begin, end, says }) => {
      const { pid } = faulty.house.gateway(0).program;
      const writtenBefore = faulty.house.output.length;
      const key = randomUUID();
      await begin(faulty);
      const outcomes = await faulty.tryAll(key);
      await delay(LASTS_MS);
      outcomes.push(...(await faulty.tryAll(key)));
      await end(faulty);
      const recoveredMs = await recovery();
      rows.push(rowOf(name, outcomes, recoveredMs));

      if (!name.startsWith(ANSWERS_NOBODY)) {
        expect(outcomes.filter(({ operation, ms }) => ms > OPERATIONS[operation])).toEqual([]);
        expect(outcomes.filter(({ status }) => status === 0 || status === 500)).toEqual([]);
      }
      if (name !== 'gateway: killed') expect(faulty.house.gateway(0).program.pid).toBe(pid);
      expect(await metric('unexpected_errors_total')).toBe(0);
      expect(faulty.house.output.slice(writtenBefore)).toMatch(says);
      expect(await faulty.lies()).toEqual([]);
      expect(recoveredMs).toBeLessThan(RECOVERED_MS);
    },
    120_000,
  );
});

function rowOf(name: string, outcomes: readonly Outcome[], recoveredMs: number): string {
  const cell = (pattern: RegExp) => {
    const some = outcomes.filter(({ operation }) => pattern.test(operation));
    const answers = [...new Set(some.map(({ status, problem }) => `${status || 'none'} ${problem}`.trim()))];
    const longest = Math.max(...some.map(({ ms }) => ms));
    return `${answers.sort().join(', ')} (${(longest / 1_000).toFixed(1)} s)`;
  };
  const cells = [/print with/, /status|counts|printers|update|cancel/, /list of|who/].map(cell);
  return `| ${name} | ${cells.join(' | ')} | ${(recoveredMs / 1_000).toFixed(1)} s |`;
}
