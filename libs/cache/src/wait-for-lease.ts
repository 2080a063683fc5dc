import { setTimeout as delay } from 'node:timers/promises';
import type { Lease, Store } from '#libs/store';

const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 50;

/**
 * While another has this lease: looks until `find` has something that its holder brought, or the lease is free or over; undefined then. May
 * throw `StoreUnavailable`.
 */
export async function waitForLease<T>(
  store: Store,
  { key, ttlMs }: Lease,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const endsAtMs = performance.now() + ttlMs;
  for (
    let pauseMs = FIRST_LOOK_MS;
    performance.now() < endsAtMs;
    pauseMs = Math.min(LONGEST_LOOK_MS, pauseMs * 2)
  ) {
    await delay(pauseMs);
    const isFree = (await store.get(key)) === undefined;
    // In this order: what the holder brought was stored before it gave the lease back.
    const found = await find();
    if (found !== undefined || isFree) return found;
  }
  return undefined;
}
