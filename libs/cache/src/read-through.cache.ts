import { ResourceNotFound } from '#libs/problem';
import type { Store } from '#libs/store';
import { traced } from '#libs/telemetry';
import { answerOf, type Answer, type Outcome } from './answer.js';
import { CacheEntry } from './cache-entry.js';
import type { CacheConfig } from './cache.config.js';
import { FlightLease } from './flight-lease.js';
import { Invalidations } from './invalidations.js';
import { LeasedFetch, NotAdmitted, type Intent } from './leased-fetch.js';
import { ProcessCache } from './process.cache.js';
import { SharedEntries } from './shared-entries.js';
import { SingleFlight } from './single-flight.js';
import type { Source } from './source.js';

/** How old an answer may be for this reader, however long it is fresh. */
export interface Demand {
  /** Whether what is older than the settings' `revalidateAfterMs` is fetched anew. */
  readonly revalidate?: boolean;
  readonly maxAgeMs?: number;
}

const FETCHED = new Set<Outcome>(['miss', 'revalidated', 'request']);

/**
 * Reads through two levels, this process's and the shared one, with one fetch at a time over all gateways. Whoever
 * asks must be allowed to see the answer already: nothing about the caller is in a key or a value.
 */
export class ReadThroughCache {
  private readonly own: ProcessCache;
  private readonly shared: SharedEntries;
  private readonly lease: FlightLease;
  private readonly fetching: LeasedFetch;
  private readonly flights = new SingleFlight<Answer>();
  private readonly invalidations = new Invalidations();
  private readonly stopListening: () => void;

  constructor(
    store: Store,
    private readonly config: CacheConfig,
    private readonly now: () => number,
    /** Told how each answer came about. */
    private readonly observe: (kind: string, outcome: Outcome) => void = () => {},
  ) {
    const { processEntries: maxEntries, processBytes: maxBytes, processTtlMs: ttlMs, leaseMs } = config;
    this.own = new ProcessCache({ maxEntries, maxBytes, ttlMs, now });
    this.lease = new FlightLease(store, leaseMs);
    this.shared = new SharedEntries(store);
    const { own, shared, lease, invalidations } = this;
    this.fetching = new LeasedFetch(store, { own, shared, lease, invalidations }, now);
    this.stopListening = this.shared.onInvalidation((key) => this.forget(key));
  }

  /**
   * The answer: at once where this process has it and may serve it, for this is how most reads end; promised where it must be
   * looked for. Throws, or rejects with, `ResourceNotFound` for what the upstream does not know, and whatever the fetch
   * throws when there is nothing left to serve instead.
   */
  read(source: Source, demand: Demand = {}): Answer | Promise<Answer> {
    const maxAgeMs = this.maxAgeOf(demand);
    const fresh = this.own.fresh(source.key);
    if (!fresh || this.isTooOld(fresh, maxAgeMs))
      return traced(`cache ${source.kind}`, () => this.readBeyond(source, maxAgeMs));
    return this.hit(source.kind, fresh);
  }

  private hit(kind: string, entry: CacheEntry): Answer {
    this.observe(kind, 'hit');
    return answerOf(entry, 'hit');
  }

  /** From the shared level or the upstream, with whoever wants the same at the same time. */
  private readBeyond(source: Source, maxAgeMs: number): Promise<Answer> {
    const flight = this.flights.find(source.key);
    return flight ? this.join(flight, source, maxAgeMs) : this.begin(source, maxAgeMs);
  }

  private async begin(source: Source, maxAgeMs: number): Promise<Answer> {
    const flight = this.readShared(source, maxAgeMs);
    this.flights.begin(source.key, flight);
    try {
      const answer = await flight;
      this.observe(source.kind, answer.outcome);
      return answer;
    } catch (error) {
      throw error instanceof NotAdmitted ? error.cause : error;
    }
  }

  private async join(flight: Promise<Answer>, source: Source, maxAgeMs: number): Promise<Answer> {
    try {
      const { entry, outcome } = await flight;
      const joined = { entry, outcome: FETCHED.has(outcome) ? 'collapsed' : outcome } as const;
      this.observe(source.kind, joined.outcome);
      return joined;
    } catch (error) {
      if (!(error instanceof NotAdmitted)) throw error;
      // The fetch was refused to that other: whoever waited for it takes it up.
      return this.readBeyond(source, maxAgeMs);
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
    const { value: raw, isClaimed } = await this.shared.readOrClaim(source.key, nowMs, claim);
    const entry = this.entryOf(source, raw);
    const held = isClaimed ? claim : undefined;
    if (!entry) return this.fetching.fetch(source, { raw, held, why: 'miss' });
    const isDemanded = this.isTooOld(entry, maxAgeMs);
    const freshness = entry.freshness(nowMs);
    if (freshness === 'fresh' && !isDemanded) {
      this.lease.letGo(held);
      return this.keepFound(source.key, entry, mark);
    }
    if (freshness === 'stale' && !isDemanded) {
      this.fetchBehind(source, { raw, held, why: 'revalidated' });
      return answerOf(entry, 'stale-while-revalidate');
    }
    try {
      return await this.fetching.fetch(source, { raw, held, why: isDemanded ? 'request' : 'revalidated' });
    } catch (error) {
      return this.leftOf(entry, error);
    }
  }

  /** What an earlier version kept although it may not be kept is none. */
  private entryOf(source: Source, raw: string | undefined): CacheEntry | undefined {
    const entry = raw === undefined ? this.own.any(source.key) : CacheEntry.decode(raw);
    return entry?.text !== undefined && source.mayKeep?.(entry.text) === false ? undefined : entry;
  }

  private keepFound(key: string, entry: CacheEntry, mark: number): Answer {
    if (!this.invalidations.happenedSince(mark, key)) this.own.keep(key, entry);
    return answerOf(entry, 'hit');
  }

  private fetchBehind(source: Source, intent: Intent): void {
    const key = `${source.key}:behind`;
    if (this.flights.find(key)) return this.lease.letGo(intent.held);
    const flight = this.fetching.fetch(source, intent);
    this.flights.begin(key, flight);
    flight.catch(() => {});
  }

  /** What is left of an old answer when the upstream fails; that it does not know something is no failure. */
  private leftOf(entry: CacheEntry, fault: unknown): Answer {
    const isLeft = entry.text !== undefined && entry.freshness(this.now()) !== 'over';
    if (fault instanceof ResourceNotFound || !isLeft) throw fault;
    return answerOf(entry, 'stale-if-error');
  }
}
