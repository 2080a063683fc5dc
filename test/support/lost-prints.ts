import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './emulator.js';
import { eventually } from './eventually.js';
import type { TestEnvironment } from './test-environment.js';
import { printRequest, keyHeader } from './builders.js';
import { printPath, statusPath } from './fixtures.js';

/** Settings of a gateway that finds out soon what became of a print, and takes of the upstream little more than a page at once. */
export const RESOLVING_AT_ONCE = {
  IDAAS_PRINT_TIMEOUT_MS: '1000',
  UPSTREAM_WAIT_MS: '1000',
  IDEMPOTENCY_MARGIN_MS: '1000',
  RESOLUTION_INTERVAL_MS: '100',
  RESOLUTION_SETTLE_MS: '600',
  RESOLUTION_SKEW_MS: '100',
  IDAAS_MAX_RESPONSE_BYTES: '100000',
};

/** A list of many jobs is read three times at most; on a busy machine that takes its time. */
const FOUND_OUT_MS = 30_000;

/** Prints whose answer is lost, and what is found out about them. */
export function lostPrints(env: () => TestEnvironment) {
  const print = (key: string) => env().as('olga').post(printPath(), printRequest(), keyHeader(key));
  /** A print whose answer is lost, with a job before it that is known to be ours. */
  const losePrint = async (kind: Fault['kind'] = 'reset-after') => {
    // The printer may still be busy with what was lost before.
    await eventually(async () => expect((await print(randomUUID())).body).toHaveProperty('printStatus'));
    await delay(800);
    const key = randomUUID();
    await env().emulator.fault({ operation: 'print', kind, count: 1 });
    expect((await print(key)).status).toBe(504);
    return key;
  };
  const isPrinted = (key: string, withinMs = FOUND_OUT_MS) =>
    eventually(async () => {
      const response = await print(key);
      expect([response.status, response.headers['idempotency-replayed']]).toEqual([200, 'true']);
      expect(
        (
          await env()
            .as('olga')
            .get(statusPath(String(response.body.printStatus.id)))
        ).status,
      ).toBe(200);
    }, withinMs);
  const isNotPrinted = (key: string) =>
    eventually(async () => {
      const response = await print(key);
      expect([response.status, response.headers['idempotency-replayed']]).toEqual([200, undefined]);
    }, FOUND_OUT_MS);
  return { losePrint, isPrinted, isNotPrinted };
}
