import { randomUUID } from 'node:crypto';
import { StoreUnavailable, type Store } from '#libs/store';
import type { CacheEntry } from './cache-entry.js';
import { wholeLifeMs } from './lifetime.js';

/** Longer than any read may take, so that none that began before an invalidation ends after its mark. */
const MARK_TTL_MS = 120_000;
const CHANNEL = 'invalidations';

/** The second level: what all gateways share. While the shared state is away it is empty, and nothing fails. */
export class SharedEntries {
  constructor(private readonly store: Store) {}

  /** What stands under the key: an entry, the mark of an invalidation, or nothing. */
  async read(key: string): Promise<string | undefined> {
    if (!this.store.isUp) return undefined;
    return unlessAway(this.store.get(key), undefined);
  }

  /**
   * Puts an entry only in the place of what was read when its fetch began: an invalidation since then has left another
   * mark. False when it did not; true when there is no shared state to object.
   */
  replace(key: string, read: string | undefined, entry: CacheEntry): Promise<boolean> {
    return unlessAway(this.put(key, read, entry.encode(), wholeLifeMs(entry.lifetime)), true);
  }

  /** Puts a mark in the place of the entry, and tells every gateway. */
  async invalidate(key: string): Promise<void> {
    const mark = this.store.set(key, `invalidated ${randomUUID()}`, MARK_TTL_MS);
    await unlessAway(
      mark.then(() => this.store.publish(CHANNEL, key)),
      undefined,
    );
  }

  /** Calls back with each key that some gateway invalidates. Returns the way to stop. */
  onInvalidation(listener: (key: string) => void): () => void {
    return this.store.subscribe(CHANNEL, listener);
  }

  private async put(key: string, read: string | undefined, encoded: string, ttlMs: number): Promise<boolean> {
    const isReplaced = read !== undefined && (await this.store.compareAndSet(key, read, encoded, ttlMs));
    return isReplaced || this.store.setIfAbsent(key, encoded, ttlMs);
  }
}

async function unlessAway<T>(operation: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof StoreUnavailable) return otherwise;
    throw error;
  }
}
