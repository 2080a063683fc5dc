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
 * Looks through all that the gateways keep in Redis. Counters say of whom they are only to who knows the person's tenants, which jobs and events
 * tell: so these are looked through first, and erased when the counters are gone; whoever is interrupted finds the rest the next time.
 * What is open is looked for last: a print that ended meanwhile may have written of the
 * person behind the look at jobs and events, so what was open before is told too. Throws `StoreUnavailable` and what `RedisInventory` throws; it can then be made again.
 */
export async function eraseAll(desk: Desk): Promise<Erased> {
  const before = await findOpenPrints(desk);
  const found = await eraseRecords({ ...desk, erases: false });
  const counters = await eraseCounters(desk);
  if (!desk.erases) return { ...found, counters: counters.size, open: before };
  const erased = await eraseRecords(desk);
  const open = await findOpenPrints(desk);
  // What ended meanwhile was counted meanwhile.
  const late = await eraseCounters(desk);
  const all = new Set([...counters, ...late]);
  return { ...erased, counters: all.size, open: isMore(before, open) ? before : open };
}

async function eraseRecords(desk: Desk): Promise<Pick<Erased, 'jobs' | 'events'>> {
  return { jobs: await eraseJobs(desk), events: await eraseEvents(desk) };
}

export function staysOf({ open }: Erased): number {
  return open.submissions + open.ending;
}

function isMore(one: OpenPrints, other: OpenPrints): boolean {
  return one.submissions + one.ending > other.submissions + other.ending;
}
