import { ResourceNotFound } from '#libs/problem';
import { StoreUnavailable, type Claim, type Store } from '#libs/store';
import { answerOf, type Answer, type Outcome } from './answer.js';
import { CacheEntry } from './cache-entry.js';
import type { FlightLease } from './flight-lease.js';
import type { Invalidations } from './invalidations.js';
import { wholeLifeMs, type Lifetime } from './lifetime.js';
import type { ProcessCache } from './process.cache.js';
import type { SharedEntries } from './shared-entries.js';
import type { Source } from './source.js';

const NEVER: Lifetime = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

/** What stood in the shared state when it was decided to fetch, whether under a lease that is ours, and why. */
export interface Intent {
  readonly raw: string | undefined;
  readonly held: Claim | undefined;
  readonly why: Outcome;
}

/** The reader who caused the fetch may not cause it. */
export class NotAdmitted extends Error {
  constructor(cause: unknown) {
    super('not admitted', { cause });
  }
}

/** Where answers are kept, and what watches over it. */
export interface Levels {
  readonly own: ProcessCache;
  readonly shared: SharedEntries;
  readonly lease: FlightLease;
  readonly invalidations: Invalidations;
}

/** Fetches one answer for all who want it, over all gateways, and keeps it in both levels unless it was invalidated meanwhile. */
export class LeasedFetch {
  constructor(
    private readonly store: Store,
    private readonly levels: Levels,
    private readonly now: () => number,
  ) {}

  /** Fetches under the lease; who does not get it takes what its holder brings, and fetches after all in the end. */
  fetch(source: Source, intent: Intent): Promise<Answer> {
    return intent.held || !this.store.isUp
      ? this.fetchAndKeep(source, intent)
      : this.fetchUnderLease(source, intent);
  }

  private async fetchUnderLease(source: Source, { raw, why }: Intent): Promise<Answer> {
    const { key } = source;
    const { lease, shared } = this.levels;
    try {
      const claim = lease.claimTo(key);
      // In this order on one connection: what the holder of before brought is seen.
      const [isTaken, now] = await Promise.all([lease.take(claim), shared.read(key)]);
      if (isTaken) return await this.fetchUnlessBrought(source, raw, { raw: now, held: claim, why });
      const brought = await lease.waitFor(key, () => this.broughtSince(key, raw));
      if (brought) return answerOf(brought, 'collapsed');
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    return this.fetchAndKeep(source, { raw: await shared.read(key), held: undefined, why });
  }

  /** Another may have brought it between the look before and the lease. */
  private fetchUnlessBrought(source: Source, before: string | undefined, intent: Intent): Promise<Answer> {
    const brought = this.brought(before, intent.raw);
    if (!brought) return this.fetchAndKeep(source, intent);
    this.levels.lease.letGo(intent.held);
    return Promise.resolve(answerOf(brought, 'collapsed'));
  }

  private async broughtSince(key: string, raw: string | undefined): Promise<CacheEntry | undefined> {
    return this.brought(raw, await this.levels.shared.read(key));
  }

  private brought(raw: string | undefined, now: string | undefined): CacheEntry | undefined {
    const entry = now === undefined || now === raw ? undefined : CacheEntry.decode(now);
    return entry?.freshness(this.now()) === 'fresh' ? entry : undefined;
  }

  private async fetchAndKeep(source: Source, { raw, held, why }: Intent): Promise<Answer> {
    const { own, shared, lease, invalidations } = this.levels;
    const mark = invalidations.now;
    const entry = await this.fetchEntry(source).catch((fault: unknown) => {
      lease.letGo(held);
      throw fault;
    });
    if (wholeLifeMs(entry.lifetime) > 0) {
      const isKept = await shared.replace(source.key, raw, entry, held ?? lease.claimTo(source.key));
      if (isKept && !invalidations.happenedSince(mark, source.key)) own.keep(source.key, entry);
    } else {
      lease.letGo(held);
      await this.dropOlder(source.key, raw);
    }
    return answerOf(entry, why);
  }

  /** What was kept is older than what is not. The mark of an invalidation stays. */
  private async dropOlder(key: string, raw: string | undefined): Promise<void> {
    this.levels.own.drop(key);
    if (raw !== undefined && CacheEntry.decode(raw)) await this.levels.shared.remove(key, raw);
  }

  private async fetchEntry(source: Source): Promise<CacheEntry> {
    const admission = source.admit?.();
    if (admission) await admission.catch(notAdmitted);
    try {
      const { text, lifetime } = await source.fetch();
      const isKept = lifetime !== undefined && (source.mayKeep?.(text) ?? true);
      return new CacheEntry(text, this.now(), isKept ? lifetime : NEVER);
    } catch (error) {
      if (!(error instanceof ResourceNotFound)) throw error;
      return new CacheEntry(undefined, this.now(), { ...NEVER, freshMs: source.absentMs });
    }
  }
}

function notAdmitted(fault: unknown): never {
  throw new NotAdmitted(fault);
}
