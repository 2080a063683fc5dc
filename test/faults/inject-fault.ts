import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import type { TestEnvironment } from '../support/test-environment.js';
import { OPERATIONS, type Operations, type Outcome } from './operations.js';

/** Something that goes wrong, until it does not any more. */
export interface Fault<Where> {
  readonly begin: (where: Where) => Promise<unknown>;
  readonly end: (where: Where) => Promise<unknown>;
  /** What the log says of it. */
  readonly says: RegExp;
}

/** Where it happens. */
export interface FaultTarget {
  readonly env: TestEnvironment;
  readonly operations: Operations;
}

/** A fault lasts as long as two rounds of requests take, and at least so long. */
const LASTS_MS = 1_000;
const RECOVERED_MS = 5_000;
/** What a busy machine may add before the test gives up; what took longer than `RECOVERED_MS` fails all the same. */
const PATIENCE_MS = 30_000;
/** A gateway that was stopped or killed answers nobody meanwhile. */
const ANSWERS_NOBODY = 'gateway: ';

/**
 * Lets the fault happen while every operation is asked for, twice, and demands what is promised: no caller waits too long, the process lives, the
 * log names the cause, nothing is printed twice, and all is well again soon. The row of the table that says what callers saw.
 */
export async function injectFault<Where extends FaultTarget>(
  where: Where,
  name: string,
  { begin, end, says }: Fault<Where>,
): Promise<string> {
  const { env, operations } = where;
  const { pid } = env.gateway(0).program;
  const writtenBefore = env.output.length;
  const key = randomUUID();
  await begin(where);
  const outcomes = await operations.tryAll(key);
  await delay(LASTS_MS);
  outcomes.push(...(await operations.tryAll(key)));
  await end(where);
  const recoveredMs = await recovery(operations);

  if (!name.startsWith(ANSWERS_NOBODY)) {
    expect(outcomes.filter(({ operation, ms }) => ms > OPERATIONS[operation])).toEqual([]);
    expect(outcomes.filter(({ status }) => status === 0 || status === 500)).toEqual([]);
  }
  if (name !== 'gateway: killed') expect(env.gateway(0).program.pid).toBe(pid);
  expect(await env.gateway(0).metrics()).not.toMatch(/^print_gateway_unexpected_errors_total.* [1-9]/m);
  expect(env.output.slice(writtenBefore)).toMatch(says);
  expect(await operations.lies()).toEqual([]);
  expect(recoveredMs).toBeLessThan(RECOVERED_MS);
  return rowOf(name, outcomes, recoveredMs);
}

/** As the table in docs/reliability.md has it. */
export function tableOf(rows: readonly string[]): string {
  const head = '| fault | prints | reads of the upstream | reads of the gateway | recovered in |';
  return `\n${head}\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** How long it takes until every operation is answered by what it asks for again. */
async function recovery(operations: Operations): Promise<number> {
  const startedAtMs = performance.now();
  return eventually(async () => {
    const outcomes = await operations.tryAll(randomUUID());
    expect(outcomes.filter(({ status }) => status === 0 || status >= 500)).toEqual([]);
    return performance.now() - startedAtMs;
  }, PATIENCE_MS);
}

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
