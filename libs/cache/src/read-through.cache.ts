import { ResourceNotFound } from '#libs/problem';
import { StoreUnavailable, type Claim, type Store } from '#libs/store';
import { traced } from '#libs/telemetry';
import { CacheEntry } from './cache-entry.js';
import type { CacheConfig } from './cache.config.js';
import { FlightLease } from './flight-lease.js';
import { Invalidations } from './invalidations.js';
import { wholeLifeMs, type Lifetime } from './lifetime.js';
import { ProcessCache } from './process.cache.js';
import { SharedEntries } from './shared-entries.js';
import { SingleFlight } from './single-flight.js';

/** What the upstream said, and how long it may be used; without a lifetime it is not kept. */
export interface Fetched {
  readonly text: string;
  readonly lifetime: Lifetime | undefined;
}

/** How one cached thing is called. */
export interface Named {
  /** What sort of thing it is, for those who count. */
  readonly kind: string;
  readonly key: string;
}

/** One cached thing: its key, how it is fetched, and for how long its absence is remembered. */
export interface Source extends Named {
  readonly absentMs: number;
  /** Asked before a fetch that this reader causes: what it throws is this reader's answer, and nobody else's. */
  admit?(): Promise<void>;
  fetch(): Promise<Fetched>;
}

/** How old an answer may be for this reader, however long it is fresh. */
export interface Demand {
  /** Whether what is older than the settings' `revalidateAfterMs` is fetched anew. */
  readonly revalidate?: boolean;
  readonly maxAgeMs?: number;
}

/** How an answer came about (RFC 9211): from the cache, fresh or stale, or from the upstream, and why. */
export type Outcome =
  'hit' | 'stale-while-revalidate' | 'stale-if-error' | 'miss' | 'revalidated' | 'request' | 'collapsed';

export interface Answer {
  readonly entry: CacheEntry & { readonly text: string };
  readonly outcome: Outcome;
}

const FETCHED = new Set<Outcome>(['miss', 'revalidated', 'request']);
const NEVER: Lifetime = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

/**
 * Reads through two levels, this process's and the shared one, with one fetch at a time over all gateways. Whoever
 * asks must be allowed to see the answer already: nothing about the caller is in a key or a value.
 */
export class ReadThroughCache {
  private readonly own: ProcessCache;
  private readonly shared: SharedEntries;
  private readonly lease: FlightLease;
  private readonly flights = new SingleFlight<Answer>();
  private readonly invalidations = new Invalidations();
  private readonly stopListening: () => void;

  constructor(
    private readonly store: Store,
    private readonly config: CacheConfig,
    private readonly now: () => number,
    /** Told how each answer came about. */
    private readonly observe: (kind: string, outcome: Outcome) => void = () => {},
  ) {
    const { processEntries: maxEntries, processBytes: maxBytes, processTtlMs: ttlMs, leaseMs } = config;
    this.own = new ProcessCache({ maxEntries, maxBytes, ttlMs, now });
    this.lease = new FlightLease(store, leaseMs);
    this.shared = new SharedEntries(store);
    this.stopListening = this.shared.onInvalidation((key) => this.forget(key));
  }

  /**
   * The answer, from wherever it may be taken. Throws `ResourceNotFound` for what the upstream does not know, and
   * whatever the fetch throws when there is nothing left to serve instead.
   */
  async read(source: Source, demand: Demand = {}): Promise<Answer> {
    const atHand = this.atHand(source, demand);
    if (atHand) return atHand;
    const maxAgeMs = this.maxAgeOf(demand);
    const answer = await traced(`cache ${source.kind}`, () => this.readBeyond(source, maxAgeMs));
    this.observe(source.kind, answer.outcome);
    return answer;
  }

  /** The answer, when this process has it and may serve it: without a promise, for this is how most reads end. */
  atHand({ kind, key }: Named, demand: Demand = {}): Answer | undefined {
    const fresh = this.own.fresh(key);
    if (!fresh || this.isTooOld(fresh, this.maxAgeOf(demand))) return undefined;
    this.observe(kind, 'hit');
    return answerOf(fresh, 'hit');
  }

  /** From the shared level or the upstream, with whoever wants the same at the same time. */
  private async readBeyond(source: Source, maxAgeMs: number): Promise<Answer> {
    for (;;) {
      const isJoining = this.flights.isUnderWay(source.key);
      try {
        const answer = await this.flights.run(source.key, () => this.readShared(source, maxAgeMs));
        return isJoining && FETCHED.has(answer.outcome) ? { ...answer, outcome: 'collapsed' } : answer;
      } catch (error) {
        if (!(error instanceof NotAdmitted)) throw error;
        // Who only waited for another's fetch, which was refused to that other, takes it up.
        if (!isJoining) throw error.cause;
      }
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

  private maxAgeOf({ maxAgeMs, revalidate }: Demand): number {
    return maxAgeMs ?? (revalidate ? this.config.revalidateAfterMs : Infinity);
  }

  private isTooOld(entry: CacheEntry, maxAgeMs: number): boolean {
    return entry.ageMs(this.now()) >= maxAgeMs;
  }

  private async readShared(source: Source, maxAgeMs: number): Promise<Answer> {
    const mark = this.invalidations.now;
    const [nowMs, claim] = [this.now(), this.lease.claimTo(source.key)];
    const { raw, isClaimed } = await this.shared.readOrClaim(source.key, nowMs, claim);
    const entry = raw === undefined ? this.own.any(source.key) : CacheEntry.decode(raw);
    const held = isClaimed ? claim : undefined;
    if (!entry) return this.fetchLeased(source, { raw, held, why: 'miss' });
    const isDemanded = this.isTooOld(entry, maxAgeMs);
    const freshness = entry.freshness(nowMs);
    if (freshness === 'fresh' && !isDemanded) {
      this.letGo(held);
      return this.keepFound(source.key, entry, mark);
    }
    if (freshness === 'stale' && !isDemanded) {
      this.fetchBehind(source, { raw, held, why: 'revalidated' });
      return answerOf(entry, 'stale-while-revalidate');
    }
    const why = isDemanded ? 'request' : 'revalidated';
    return this.fetchOr(entry, () => this.fetchLeased(source, { raw, held, why }));
  }

  private keepFound(key: string, entry: CacheEntry, mark: number): Answer {
    if (!this.invalidations.happenedSince(mark, key)) this.own.keep(key, entry);
    return answerOf(entry, 'hit');
  }

  private fetchBehind(source: Source, intent: Intent): void {
    const key = `${source.key}:behind`;
    if (this.flights.isUnderWay(key)) this.letGo(intent.held);
    else this.flights.run(key, () => this.fetchLeased(source, intent)).catch(() => {});
  }

  /** Serves what is left of an old answer when the upstream fails; what it does not know is no failure. */
  private async fetchOr(entry: CacheEntry, fetch: () => Promise<Answer>): Promise<Answer> {
    try {
      return await fetch();
    } catch (error) {
      const isLeft = entry.text !== undefined && entry.freshness(this.now()) !== 'over';
      if (error instanceof ResourceNotFound || !isLeft) throw error;
      return answerOf(entry, 'stale-if-error');
    }
  }

  /** Fetches under the lease; who does not get it takes what its holder brings, and fetches after all in the end. */
  private async fetchLeased(source: Source, { raw, held, why }: Intent): Promise<Answer> {
    if (held || !this.store.isUp) return this.fetchAndKeep(source, { raw, held, why });
    try {
      const claim = this.lease.claimTo(source.key);
      // In this order on one connection: what the holder of before brought is seen.
      const [isTaken, now] = await Promise.all([this.lease.take(claim), this.shared.read(source.key)]);
      if (isTaken) return await this.fetchUnlessBrought(source, raw, { raw: now, held: claim, why });
      const brought = await this.lease.waitFor(source.key, () => this.broughtSince(source.key, raw));
      if (brought) return answerOf(brought, 'collapsed');
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    return this.fetchAndKeep(source, { raw: await this.shared.read(source.key), held: undefined, why });
  }

  /** Another may have brought it between the look before and the lease. */
  private fetchUnlessBrought(source: Source, before: string | undefined, intent: Intent): Promise<Answer> {
    const brought = this.brought(before, intent.raw);
    if (!brought) return this.fetchAndKeep(source, intent);
    this.letGo(intent.held);
    return Promise.resolve(answerOf(brought, 'collapsed'));
  }

  private async broughtSince(key: string, raw: string | undefined): Promise<CacheEntry | undefined> {
    return this.brought(raw, await this.shared.read(key));
  }

  private brought(raw: string | undefined, now: string | undefined): CacheEntry | undefined {
    const entry = now === undefined || now === raw ? undefined : CacheEntry.decode(now);
    return entry?.freshness(this.now()) === 'fresh' ? entry : undefined;
  }

  private async fetchAndKeep(source: Source, { raw, held, why }: Intent): Promise<Answer> {
    const mark = this.invalidations.now;
    let entry: CacheEntry;
    try {
      entry = await this.fetchAdmitted(source);
    } catch (error) {
      this.letGo(held);
      throw error;
    }
    if (wholeLifeMs(entry.lifetime) > 0) await this.keep(source.key, entry, { raw, held, mark });
    else this.letGo(held);
    return answerOf(entry, why);
  }

  private async fetchAdmitted(source: Source): Promise<CacheEntry> {
    try {
      await source.admit?.();
    } catch (error) {
      throw new NotAdmitted(error);
    }
    const { text, lifetime } = await this.fetch(source);
    return new CacheEntry(text, this.now(), lifetime ?? NEVER);
  }

  private async fetch(source: Source): Promise<{ text: string | undefined; lifetime: Lifetime | undefined }> {
    try {
      return await source.fetch();
    } catch (error) {
      if (!(error instanceof ResourceNotFound)) throw error;
      return { text: undefined, lifetime: { ...NEVER, freshMs: source.absentMs } };
    }
  }

  private async keep(
    key: string,
    entry: CacheEntry,
    { raw, held, mark }: Pick<Intent, 'raw' | 'held'> & { mark: number },
  ): Promise<void> {
    const isKept = await this.shared.replace(key, raw, entry, held ?? this.lease.claimTo(key));
    if (isKept && !this.invalidations.happenedSince(mark, key)) this.own.keep(key, entry);
  }

  private letGo(held: Claim | undefined): void {
    if (held) void this.lease.giveBack(held);
  }
}

/** What stood in the shared state when it was decided to fetch, whether under a lease that is ours, and why. */
interface Intent {
  readonly raw: string | undefined;
  readonly held: Claim | undefined;
  readonly why: Outcome;
}

/** The reader who caused the fetch may not cause it. */
class NotAdmitted extends Error {
  constructor(cause: unknown) {
    super('not admitted', { cause });
  }
}

function answerOf(entry: CacheEntry, outcome: Outcome): Answer {
  if (entry.text === undefined) throw new ResourceNotFound();
  return { entry: entry as Answer['entry'], outcome };
}
