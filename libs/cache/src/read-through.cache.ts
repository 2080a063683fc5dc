import { SingleFlight } from '#libs/concurrency';
import { ResourceNotFound } from '#libs/problem';
import type { Store } from '#libs/store';
import { traced } from '#libs/telemetry';
import { cachedResponse, type CachedResponse, type CacheOutcome } from './cached-response.js';
import { CacheEntry } from './cache-entry.js';
import type { CacheConfig } from './cache.config.js';
import { Invalidations } from './invalidations.js';
import { LeasedFetch, NotAdmitted, type FetchOptions } from './leased-fetch.js';
import { ProcessCache } from './process.cache.js';
import { SharedEntries } from './shared-entries.js';
import type { CacheLoader } from './cache-loader.js';

/** How old an answer may be for this reader, however long it is fresh. */
export interface CacheReadOptions {
  /** Whether what is older than the settings' `revalidateAfterMs` is fetched anew. */
  readonly revalidate?: boolean;
  readonly maxAgeMs?: number;
}

const FETCHED = new Set<CacheOutcome>(['miss', 'revalidated', 'request']);

/**
 * Reads through two tiers, this process's and the shared one, with one fetch at a time over all gateways. Whoever
 * asks must be allowed to see the answer already: nothing about the caller is in a key or a value.
 */
export class ReadThroughCache {
  private readonly own: ProcessCache;
  private readonly shared: SharedEntries;
  private readonly fetching: LeasedFetch;
  private readonly flights = new SingleFlight<CachedResponse>();
  private readonly invalidations = new Invalidations();
  private readonly stopListening: () => void;

  constructor(
    store: Store,
    private readonly config: CacheConfig,
    private readonly now: () => number,
    /** Told how each answer came about. */
    private readonly observe: (kind: string, outcome: CacheOutcome) => void = () => {},
  ) {
    const { processEntries: maxEntries, processBytes: maxBytes, processTtlMs: ttlMs, leaseMs } = config;
    this.own = new ProcessCache({ maxEntries, maxBytes, ttlMs, now });
    this.shared = new SharedEntries(store);
    const { own, shared, invalidations } = this;
    this.fetching = new LeasedFetch(store, { own, shared, invalidations }, leaseMs, now);
    this.stopListening = this.shared.onInvalidation((key) => this.forget(key));
  }

  /**
   * The answer: at once where this process has it and may serve it, for this is how most reads end; promised where it must be
   * looked for. Throws, or rejects with, `ResourceNotFound` for what the upstream does not know, and whatever the fetch
   * throws when there is nothing left to serve instead.
   */
  read(loader: CacheLoader, options: CacheReadOptions = {}): CachedResponse | Promise<CachedResponse> {
    const maxAgeMs = this.maxAgeOf(options);
    const fresh = this.own.fresh(loader.key);
    if (!fresh || this.isTooOld(fresh, maxAgeMs))
      return traced(`cache ${loader.kind}`, () => this.readBeyond(loader, maxAgeMs));
    return this.hit(loader.kind, fresh);
  }

  private hit(kind: string, entry: CacheEntry): CachedResponse {
    this.observe(kind, 'hit');
    return cachedResponse(entry, 'hit');
  }

  /** From the shared level or the upstream, with whoever wants the same at the same time. */
  private readBeyond(loader: CacheLoader, maxAgeMs: number): Promise<CachedResponse> {
    const flight = this.flights.find(loader.key);
    return flight ? this.join(flight, loader, maxAgeMs) : this.begin(loader, maxAgeMs);
  }

  private async begin(loader: CacheLoader, maxAgeMs: number): Promise<CachedResponse> {
    const flight = this.readShared(loader, maxAgeMs);
    this.flights.begin(loader.key, flight);
    try {
      const response = await flight;
      this.observe(loader.kind, response.outcome);
      return response;
    } catch (error) {
      throw error instanceof NotAdmitted ? error.cause : error;
    }
  }

  private async join(
    flight: Promise<CachedResponse>,
    loader: CacheLoader,
    maxAgeMs: number,
  ): Promise<CachedResponse> {
    try {
      const { entry, outcome } = await flight;
      const joined = { entry, outcome: FETCHED.has(outcome) ? 'collapsed' : outcome } as const;
      this.observe(loader.kind, joined.outcome);
      return joined;
    } catch (error) {
      if (!(error instanceof NotAdmitted)) throw error;
      // The fetch was refused to that other: whoever waited for it takes it up.
      return this.readBeyond(loader, maxAgeMs);
    }
  }

  /** Makes every gateway forget the answer: at once where the message arrives, within its freshness elsewhere. */
  async invalidate(key: string): Promise<void> {
    this.forget(key);
    await this.shared.invalidate(key);
  }

  close(): void {
    this.stopListening();
  }

  /** A fetch that is under way goes on for those who wait for it; what it brings is kept by nobody. */
  private forget(key: string): void {
    this.invalidations.note(key);
    this.own.drop(key);
    this.flights.detach(key);
  }

  private maxAgeOf({ maxAgeMs, revalidate }: CacheReadOptions): number {
    return maxAgeMs ?? (revalidate ? this.config.revalidateAfterMs : Infinity);
  }

  private isTooOld(entry: CacheEntry, maxAgeMs: number): boolean {
    return entry.ageMs(this.now()) >= maxAgeMs;
  }

  private async readShared(loader: CacheLoader, maxAgeMs: number): Promise<CachedResponse> {
    const mark = this.invalidations.now;
    const [nowMs, wanted] = [this.now(), this.fetching.newLease(loader.key)];
    const { value: raw, isClaimed } = await this.shared.readOrClaim(loader.key, nowMs, wanted);
    const entry = this.entryOf(loader, raw);
    const lease = isClaimed ? wanted : undefined;
    if (!entry) return this.fetching.fetch(loader, { raw, lease, outcome: 'miss' });
    const isDemanded = this.isTooOld(entry, maxAgeMs);
    const freshness = entry.freshness(nowMs);
    if (freshness === 'fresh' && !isDemanded) {
      this.fetching.release(lease);
      return this.keepFound(loader.key, entry, mark);
    }
    if (freshness === 'stale' && !isDemanded) {
      this.fetchBehind(loader, { raw, lease, outcome: 'revalidated' });
      return cachedResponse(entry, 'stale-while-revalidate');
    }
    try {
      return await this.fetching.fetch(loader, {
        raw,
        lease,
        outcome: isDemanded ? 'request' : 'revalidated',
      });
    } catch (error) {
      return this.leftOf(entry, error);
    }
  }

  /** What an earlier version kept although it may not be kept is none. */
  private entryOf(loader: CacheLoader, raw: string | undefined): CacheEntry | undefined {
    const entry = raw === undefined ? this.own.any(loader.key) : CacheEntry.decode(raw);
    return entry?.text !== undefined && loader.isCacheable?.(entry.text) === false ? undefined : entry;
  }

  private keepFound(key: string, entry: CacheEntry, mark: number): CachedResponse {
    if (!this.invalidations.happenedSince(mark, key)) this.own.keep(key, entry);
    return cachedResponse(entry, 'hit');
  }

  private fetchBehind(loader: CacheLoader, options: FetchOptions): void {
    const key = `${loader.key}:behind`;
    if (this.flights.find(key)) return this.fetching.release(options.lease);
    const flight = this.fetching.fetch(loader, options);
    this.flights.begin(key, flight);
    flight.catch(() => {});
  }

  /** What is left of an old answer when the upstream fails; that it does not know something is no failure. */
  private leftOf(entry: CacheEntry, fault: unknown): CachedResponse {
    const isLeft = entry.text !== undefined && entry.freshness(this.now()) !== 'over';
    if (fault instanceof ResourceNotFound || !isLeft) throw fault;
    return cachedResponse(entry, 'stale-if-error');
  }
}
