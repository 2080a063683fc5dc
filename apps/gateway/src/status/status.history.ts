import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CacheConfig, type CachedResponse } from '#libs/cache';
import { holdsCardData, type PrintStatusId } from '#libs/contract';
import { keyOfJob } from '#libs/jobs';
import { PurposeKey, SecretKeys } from '#libs/secrets';
import { Store, StoreUnavailable } from '#libs/store';
import { keptEvent, type StatusEvent } from './status.event.js';

/** Who was away for longer gets the present state. */
const KEPT_MS = 3_600_000;
const MAX_EVENTS = 50;
const MAX_JOBS = 20_000;
const MAX_TRIES = 5;

/**
 * The states that were seen of a job, each once and in order, the same for all gateways. While the shared state is away
 * each gateway goes on from what it knows.
 */
@Injectable()
export class StatusHistory {
  private readonly own: LRUCache<string, readonly StatusEvent[]>;

  /** Until the installation's is known: then such a state may be told twice. */
  private readonly ownKey = new PurposeKey('', randomBytes(32));

  private readonly store: Store;

  constructor(
    store: Store,
    private readonly keys: SecretKeys,
    { processEntries }: CacheConfig,
  ) {
    this.own = new LRUCache({ max: Math.min(MAX_JOBS, processEntries) });
    this.store = store.expendable;
  }

  /** Adds what was seen, unless it is known already or older than what is; gives all that is known then. */
  async observe(id: PrintStatusId, { entry }: CachedResponse): Promise<readonly StatusEvent[]> {
    const seen = eventOf(this.idOf(entry), entry);
    const events = await this.add(id, seen).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) return withEvent(this.own.get(id) ?? [], seen);
      throw error;
    });
    this.keep(id, events);
    return fill(events, seen);
  }

  /** Names a state. What contains card data is hashed with a secret: its digest could be guessed back. */
  idOf({ etag, text }: CachedResponse['entry']): string {
    const digest = etag.replaceAll('"', '');
    return holdsCardData(text) ? (this.keys.keyIfLoaded('status-event') ?? this.ownKey).hash(digest) : digest;
  }

  /** What is known. */
  async read(id: PrintStatusId): Promise<readonly StatusEvent[]> {
    const raw = await this.store.get(keyOfJob(id, 'history')).catch(() => undefined);
    return raw === undefined ? (this.own.get(id) ?? []) : this.keep(id, decode(raw));
  }

  private async add(id: PrintStatusId, seen: StatusEvent): Promise<readonly StatusEvent[]> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const raw = await this.store.get(keyOfJob(id, 'history'));
      const known = raw === undefined ? [] : decode(raw);
      const events = withEvent(known, seen);
      if (events === known || (await this.replace(id, raw, events))) return events;
    }
    throw new StoreUnavailable(new Error('others were always faster'));
  }

  private replace(
    id: PrintStatusId,
    before: string | undefined,
    events: readonly StatusEvent[],
  ): Promise<boolean> {
    const after = JSON.stringify(events.map(keptEvent));
    return before === undefined
      ? this.store.setIfAbsent(keyOfJob(id, 'history'), after, KEPT_MS)
      : this.store.compareAndSet(keyOfJob(id, 'history'), before, after, KEPT_MS);
  }

  private keep(id: PrintStatusId, events: readonly StatusEvent[]): readonly StatusEvent[] {
    this.own.set(id, events.map(keptEvent));
    return events;
  }
}

function withEvent(known: readonly StatusEvent[], seen: StatusEvent): readonly StatusEvent[] {
  const last = known.at(-1);
  const isOld = known.some(({ id }) => id === seen.id) || (last !== undefined && seen.atMs <= last.atMs);
  return isOld ? known : [...known, seen].slice(-MAX_EVENTS);
}

/** What was just seen has its text, whether it is kept or not. */
function fill(events: readonly StatusEvent[], seen: StatusEvent): readonly StatusEvent[] {
  return events.map((event) => (event.id === seen.id ? { ...event, text: seen.text } : event));
}

function eventOf(id: string, { storedAtMs: atMs, text }: CachedResponse['entry']): StatusEvent {
  const status = (JSON.parse(text) as { status?: unknown } | null)?.status;
  return {
    id,
    atMs,
    status: typeof status === 'string' ? status : undefined,
    text,
  };
}

function decode(raw: string): readonly StatusEvent[] {
  return JSON.parse(raw) as StatusEvent[];
}
