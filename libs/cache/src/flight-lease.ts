import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Claim, Store } from '#libs/store';

const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 50;

/**
 * One fetch at a time over all gateways: who holds the lease of a key fetches, the others look for what it brings.
 * A holder that dies costs the others the rest of its lease.
 */
export class FlightLease {
  constructor(
    private readonly store: Store,
    private readonly leaseMs: number,
  ) {}

  /** A claim to the fetch of this key; nobody has it yet. */
  newClaim(key: string): Claim {
    return { key: leaseKey(key), owner: randomUUID(), ttlMs: this.leaseMs };
  }

  /** False while somebody else holds the lease. */
  take({ key, owner, ttlMs }: Claim): Promise<boolean> {
    return this.store.setIfAbsent(key, owner, ttlMs);
  }

  /** Gives back what is held, if anything is, and waits for nothing: what cannot be given back ends by itself. */
  release(held: Claim | undefined): void {
    if (held) this.store.compareAndDelete(held.key, held.owner).catch(() => false);
  }

  /** Looks until `find` has something, or the lease is free or over; undefined then. */
  async waitFor<T>(key: string, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const endsAtMs = performance.now() + this.leaseMs;
    for (
      let pauseMs = FIRST_LOOK_MS;
      performance.now() < endsAtMs;
      pauseMs = Math.min(LONGEST_LOOK_MS, pauseMs * 2)
    ) {
      await delay(pauseMs);
      const isFree = (await this.store.get(leaseKey(key))) === undefined;
      // In this order: what the holder brought was stored before it gave the lease back.
      const found = await find();
      if (found !== undefined || isFree) return found;
    }
    return undefined;
  }
}

function leaseKey(key: string): string {
  return `${key}:lease`;
}
