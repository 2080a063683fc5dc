import { ResourceNotFound } from '#libs/problem';
import { Leases, newLease, StoreUnavailable, type Lease, type Store } from '#libs/store';
import { cachedResponse, type CachedResponse, type CacheOutcome } from './cached-response.js';
import { CacheEntry } from './cache-entry.js';
import type { Invalidations } from './invalidations.js';
import { wholeLifeMs, type Lifetime } from './lifetime.js';
import type { ProcessCache } from './process.cache.js';
import type { SharedEntries } from './shared-entries.js';
import type { CacheLoader } from './cache-loader.js';
import { waitForLease } from './wait-for-lease.js';

const NEVER: Lifetime = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

/** What stood in the shared state when it was decided to fetch, and why. */
export interface FetchOptions {
  readonly raw: string | undefined;
  /** The lease of the fetch, where it is ours already. */
  readonly lease: Lease | undefined;
  /** How the answer then came about. */
  readonly outcome: CacheOutcome;
}

/** The reader who caused the fetch may not cause it. */
export class NotAdmitted extends Error {
  constructor(cause: unknown) {
    super('not admitted', { cause });
  }
}

/** Where answers are kept, and what watches over it. */
export interface CacheTiers {
  readonly own: ProcessCache;
  readonly shared: SharedEntries;
  readonly invalidations: Invalidations;
}

/** Fetches one answer for all who want it, over all gateways, and keeps it in both tiers unless it was invalidated meanwhile. */
export class LeasedFetch {
  private readonly leases: Leases;

  constructor(
    private readonly store: Store,
    private readonly tiers: CacheTiers,
    private readonly leaseMs: number,
    private readonly now: () => number,
  ) {
    this.leases = new Leases(store);
  }

  /** A lease of the fetch of this key; nobody has it yet. */
  newLease(key: string): Lease {
    return newLease(`${key}:lease`, this.leaseMs);
  }

  /** Leaves the fetch to others, where this is a lease of it. */
  release(lease: Lease | undefined): void {
    if (lease) this.leases.release(lease);
  }

  /** Fetches under the lease; who does not get it takes what its holder brings, and fetches after all in the end. */
  fetch(loader: CacheLoader, options: FetchOptions): Promise<CachedResponse> {
    return options.lease || !this.store.isUp
      ? this.fetchAndKeep(loader, options)
      : this.fetchUnderLease(loader, options);
  }

  private async fetchUnderLease(
    loader: CacheLoader,
    { raw, outcome }: FetchOptions,
  ): Promise<CachedResponse> {
    const { key } = loader;
    const { shared } = this.tiers;
    const lease = this.newLease(key);
    try {
      // In this order on one connection: what the holder of before brought is seen.
      const [isTaken, now] = await Promise.all([this.leases.take(lease), shared.read(key)]);
      if (isTaken) return await this.fetchUnlessBrought(loader, raw, { raw: now, lease, outcome });
      const brought = await waitForLease(this.store, lease, () => this.broughtSince(key, raw));
      if (brought) return cachedResponse(brought, 'collapsed');
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    return this.fetchAndKeep(loader, { raw: await shared.read(key), lease: undefined, outcome });
  }

  /** Another may have brought it between the look before and the lease. */
  private fetchUnlessBrought(
    loader: CacheLoader,
    before: string | undefined,
    options: FetchOptions,
  ): Promise<CachedResponse> {
    const brought = this.brought(before, options.raw);
    if (!brought) return this.fetchAndKeep(loader, options);
    this.release(options.lease);
    return Promise.resolve(cachedResponse(brought, 'collapsed'));
  }

  private async broughtSince(key: string, raw: string | undefined): Promise<CacheEntry | undefined> {
    return this.brought(raw, await this.tiers.shared.read(key));
  }

  private brought(raw: string | undefined, now: string | undefined): CacheEntry | undefined {
    const entry = now === undefined || now === raw ? undefined : CacheEntry.decode(now);
    return entry?.freshness(this.now()) === 'fresh' ? entry : undefined;
  }

  private async fetchAndKeep(
    loader: CacheLoader,
    { raw, lease, outcome }: FetchOptions,
  ): Promise<CachedResponse> {
    const { own, shared, invalidations } = this.tiers;
    const mark = invalidations.now;
    const entry = await this.fetchEntry(loader).catch((fault: unknown) => {
      this.release(lease);
      throw fault;
    });
    if (wholeLifeMs(entry.lifetime) > 0) {
      const isKept = await shared.replace(loader.key, raw, entry, lease ?? this.newLease(loader.key));
      if (isKept && !invalidations.happenedSince(mark, loader.key)) own.keep(loader.key, entry);
    } else {
      this.release(lease);
      await this.dropOlder(loader.key, raw);
    }
    return cachedResponse(entry, outcome);
  }

  /** What was kept is older than what is not. The mark of an invalidation stays. */
  private async dropOlder(key: string, raw: string | undefined): Promise<void> {
    this.tiers.own.drop(key);
    if (raw !== undefined && CacheEntry.decode(raw)) await this.tiers.shared.remove(key, raw);
  }

  private async fetchEntry(loader: CacheLoader): Promise<CacheEntry> {
    const admission = loader.admit?.();
    if (admission) await admission.catch(notAdmitted);
    try {
      const { text, lifetime } = await loader.load();
      const isKept = lifetime !== undefined && (loader.isCacheable?.(text) ?? true);
      return new CacheEntry(text, this.now(), isKept ? lifetime : NEVER);
    } catch (error) {
      if (!(error instanceof ResourceNotFound)) throw error;
      return new CacheEntry(undefined, this.now(), { ...NEVER, freshMs: loader.absentMs });
    }
  }
}

function notAdmitted(fault: unknown): never {
  throw new NotAdmitted(fault);
}
