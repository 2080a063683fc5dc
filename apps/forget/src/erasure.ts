import { eraseCounters } from './counters.js';
import type { Desk } from './desk.js';
import { eraseEvents } from './events.js';
import { eraseJobs } from './jobs.js';
import { findOpenPrints, type OpenPrints } from './open-prints.js';

/** What there was of a person, and is no more where it was to be erased; and what has to stay. */
export interface Erased {
  readonly jobs: number;
  readonly events: number;
  readonly counters: number;
  readonly open: OpenPrints;
}

/**
 * Looks through all that the gateways keep in Redis. What is open is looked for last: a print that ended meanwhile may have written of the
 * person behind the look at jobs and events, so what was open before is told too. Throws `StoreUnavailable` and what `RedisInventory` throws; it can then be made again.
 */
export async function eraseAll(desk: Desk): Promise<Erased> {
  const before = await findOpenPrints(desk);
  const jobs = await eraseJobs(desk);
  const events = await eraseEvents(desk);
  const open = await findOpenPrints(desk);
  return { jobs, events, counters: await eraseCounters(desk), open: isMore(before, open) ? before : open };
}

export function staysOf({ open }: Erased): number {
  return open.submissions + open.ending;
}

function isMore(one: OpenPrints, other: OpenPrints): boolean {
  return one.submissions + one.ending > other.submissions + other.ending;
}
