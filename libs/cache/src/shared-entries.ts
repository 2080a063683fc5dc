import { randomUUID } from 'node:crypto';
import { StoreUnavailable, type Lease, type Look, type Store } from '#libs/store';
import type { CacheEntry } from './cache-entry.js';
import { wholeLifeMs } from './lifetime.js';

/** Longer than any read may take, so that none that began before an invalidation ends after its mark. */
const MARK_TTL_MS = 120_000;
const CHANNEL = 'invalidations';

const NOTHING: Look = { value: undefined, isClaimed: false };

/** The second level: what all gateways share. While the shared state is away it is empty, and nothing fails. */
export class SharedEntries {
  constructor(private readonly store: Store) {}

  /** What stands under the key: an entry, the mark of an invalidation, or nothing. */
  async read(key: string): Promise<string | undefined> {
    if (!this.store.isUp) return undefined;
    return unlessUnavailable(this.store.get(key), undefined);
  }

  /** The same, and the lease of its fetch where it is not fresh and nobody else has that. */
  readOrClaim(key: string, nowMs: number, lease: Lease): Promise<Look> {
    return this.store.isUp
      ? unlessUnavailable(this.store.getOrClaim(key, nowMs, lease), NOTHING)
      : Promise.resolve(NOTHING);
  }

  /**
   * Puts an entry only in the place of what was read when its fetch began: an invalidation since then has left another
   * mark. False when it did not; true when there is no shared state to object. The lease is given back.
   */
  replace(key: string, read: string | undefined, entry: CacheEntry, lease: Lease): Promise<boolean> {
    const ttlMs = wholeLifeMs(entry.lifetime);
    return unlessUnavailable(this.store.settleClaim(key, read, entry.encode(), ttlMs, lease), true);
  }

  /** Takes away exactly what was read. */
  async remove(key: string, read: string): Promise<void> {
    await unlessUnavailable(this.store.compareAndDelete(key, read), false);
  }

  /** Puts a mark in the place of the entry, and tells every gateway. */
  async invalidate(key: string): Promise<void> {
    const mark = this.store.set(key, `invalidated ${randomUUID()}`, MARK_TTL_MS);
    await unlessUnavailable(
      mark.then(() => this.store.publish(CHANNEL, key)),
      undefined,
    );
  }

  /** Calls back with each key that some gateway invalidates. Returns the way to stop. */
  onInvalidation(listener: (key: string) => void): () => void {
    return this.store.subscribe(CHANNEL, listener);
  }
}

function unlessUnavailable<T>(operation: Promise<T>, otherwise: T): Promise<T> {
  return operation.catch((error: unknown) => {
    if (error instanceof StoreUnavailable) return otherwise;
    throw error;
  });
}
