import { LRUCache } from 'lru-cache';
import type { CacheEntry } from './cache-entry.js';
import type { EntryPlace } from './entry-place.js';
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
  readonly servedUntilMs: number;
  /** Where else it is at hand. */
  place: EntryPlace | undefined;
}

/**
 * The first level: this process's own copies, bounded in number and bytes, never fresher than the shared ones. The oldest goes
 * first, however often it is asked for: it comes back from the shared level, and a look costs no bookkeeping.
 */
export class ProcessCache {
  private readonly kept: LRUCache<string, Kept>;
  private readonly madeAtMs: number;

  constructor(private readonly options: ProcessCacheOptions) {
    this.madeAtMs = options.now();
    this.kept = new LRUCache({
      max: options.maxEntries,
      maxSize: options.maxBytes,
      sizeCalculation: ({ entry }, key) => OVERHEAD_BYTES + key.length + 2 * (entry.text?.length ?? 0),
      dispose: ({ place }) => clear(place),
    });
  }

  /** An entry that may be served as it is, or undefined. */
  fresh(key: string): CacheEntry | undefined {
    const kept = this.kept.peek(key);
    return kept && this.servedFrom(kept);
  }

  /** The same, of a copy that was found before. */
  servedFrom({ entry, servedUntilMs }: Readonly<EntryPlace>): CacheEntry | undefined {
    return this.options.now() - this.madeAtMs < servedUntilMs ? entry : undefined;
  }

  /** Whatever is left of the entry, however old. */
  any(key: string): CacheEntry | undefined {
    return this.kept.peek(key)?.entry;
  }

  keep(key: string, entry: CacheEntry): void {
    const nowMs = this.options.now();
    if (entry.ageMs(nowMs) >= wholeLifeMs(entry.lifetime)) return;
    const servedForMs = Math.min(this.options.ttlMs, entry.freshForMs(nowMs));
    this.kept.set(key, { entry, servedUntilMs: nowMs - this.madeAtMs + servedForMs, place: undefined });
  }

  /** Puts the copy into this place too, for as long as it is kept. One place has it: the one before is emptied. */
  putAtHand(key: string, place: EntryPlace): void {
    const kept = this.kept.peek(key);
    if (!kept) return;
    clear(kept.place);
    [place.entry, place.servedUntilMs, kept.place] = [kept.entry, kept.servedUntilMs, place];
  }

  drop(key: string): void {
    this.kept.delete(key);
  }
}

function clear(place: EntryPlace | undefined): void {
  if (place) place.entry = undefined;
}
