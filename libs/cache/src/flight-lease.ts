import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '#libs/store';

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

  /** Returns the way to give the lease back, or undefined while somebody else holds it. */
  async take(key: string): Promise<(() => Promise<void>) | undefined> {
    const owner = randomUUID();
    const isOurs = await this.store.setIfAbsent(leaseKey(key), owner, this.leaseMs);
    return isOurs ? () => this.giveBack(key, owner) : undefined;
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

  private async giveBack(key: string, owner: string): Promise<void> {
    await this.store.compareAndDelete(leaseKey(key), owner).catch(() => false);
  }
}

function leaseKey(key: string): string {
  return `${key}:lease`;
}
