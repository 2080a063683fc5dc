import { LRUCache } from 'lru-cache';
import type { CacheEntry } from './cache-entry.js';
import { wholeLifeMs } from './lifetime.js';

const OVERHEAD_BYTES = 300;

export interface ProcessCacheOptions {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** How long an entry is served as fresh without a look into the shared state. */
  readonly ttlMs: number;
  readonly now: () => number;
}

interface Kept {
  readonly entry: CacheEntry;
  /** When it is fresh no longer, or to be looked for in the shared state. */
  readonly servedUntilMs: number;
}

/**
 * The first level: this process's own copies, bounded in number and bytes, never fresher than the shared ones. The oldest goes
 * first, however often it is asked for: it comes back from the shared level, and a look costs no bookkeeping.
 */
export class ProcessCache {
  private readonly kept: LRUCache<string, Kept>;

  constructor(private readonly options: ProcessCacheOptions) {
    this.kept = new LRUCache({
      max: options.maxEntries,
      maxSize: options.maxBytes,
      sizeCalculation: ({ entry }, key) => OVERHEAD_BYTES + key.length + 2 * (entry.text?.length ?? 0),
    });
  }

  /** An entry that may be served as it is, or undefined. */
  fresh(key: string): CacheEntry | undefined {
    const kept = this.kept.peek(key);
    return kept && this.options.now() < kept.servedUntilMs ? kept.entry : undefined;
  }

  /** Whatever is left of the entry, however old. */
  any(key: string): CacheEntry | undefined {
    return this.kept.peek(key)?.entry;
  }

  keep(key: string, entry: CacheEntry): void {
    const nowMs = this.options.now();
    if (entry.ageMs(nowMs) >= wholeLifeMs(entry.lifetime)) return;
    const servedForMs = Math.min(this.options.ttlMs, entry.freshForMs(nowMs));
    this.kept.set(key, { entry, servedUntilMs: nowMs + servedForMs });
  }

  drop(key: string): void {
    this.kept.delete(key);
  }
}
