import { Injectable } from '@nestjs/common';
import {
  CacheEntry,
  ReadThroughCache,
  type CachedResponse,
  type CacheReadOptions,
  type Loaded,
  type Lifetime,
  type CacheLoader,
} from '#libs/cache';
import { holdsCardData, type PrintStatusId } from '#libs/contract';
import { keyOfJob } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import { Metrics } from '#libs/telemetry';
import type { StatusEvent } from './status.event.js';
import { StatusUpstream } from './status.upstream.js';

const KIND = 'status';
const NOT_KEPT: Lifetime = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

export interface StatusReadOptions extends CacheReadOptions {
  /** Who pays for the call that it may cost: it is that caller's turn upstream, and within that caller's rate. */
  readonly caller: Caller;
  /** Whether it is one of many that the caller did not ask for one by one (`UpstreamAccess.admitPaced`). */
  readonly isPaced?: boolean;
}

/** The one way to read the status of a job: through the cache. */
@Injectable()
export class StatusReader {
  private readonly keptOut: { inc(): void };

  constructor(
    private readonly upstream: StatusUpstream,
    private readonly cache: ReadThroughCache,
    metrics: Metrics,
  ) {
    const help = 'Statuses that were not cached because of what they contain.';
    this.keptOut = metrics.counter('statuses_kept_out_total', help);
  }

  /** At once where this process has it and may serve it (`ReadThroughCache.read`). */
  read(id: PrintStatusId, options: StatusReadOptions): CachedResponse | Promise<CachedResponse> {
    return this.cache.read(new StatusLoader(this.upstream, id, options, this.keptOut), options);
  }

  /** A state that was seen, as an answer; undefined where its text was not kept. */
  responseOf(event: StatusEvent | undefined): CachedResponse | undefined {
    if (event?.text === undefined) return undefined;
    const isKept = !holdsCardData(event.text);
    const lifetime = (isKept ? this.upstream.lifetimeOf(event.status) : undefined) ?? NOT_KEPT;
    return {
      entry: new CacheEntry(event.text, event.atMs, lifetime) as CachedResponse['entry'],
      outcome: 'hit',
    };
  }

  /** After a change through the gateway: the next read, on any replica, asks the upstream. */
  invalidate(id: PrintStatusId): Promise<void> {
    return this.cache.invalidate(keyOfJob(id, 'status'));
  }
}

/** One job's status as one caller reads it. A class, because most are made for a read that fetches nothing. */
class StatusLoader implements CacheLoader {
  readonly kind = KIND;
  readonly key: string;
  readonly absentMs: number;

  constructor(
    private readonly upstream: StatusUpstream,
    private readonly id: PrintStatusId,
    private readonly options: StatusReadOptions,
    private readonly keptOut: { inc(): void },
  ) {
    this.key = keyOfJob(id, 'status');
    this.absentMs = upstream.absentMs;
  }

  admit(): Promise<void> | undefined {
    const { caller, isPaced } = this.options;
    return isPaced ? this.upstream.admitPaced(caller) : this.upstream.admit(caller);
  }

  load(): Promise<Loaded> {
    return this.upstream.fetch(this.id, this.options.caller);
  }

  /** Card data is kept nowhere, whatever the status. */
  isCacheable(text: string): boolean {
    const isCacheable = !holdsCardData(text);
    if (!isCacheable) this.keptOut.inc();
    return isCacheable;
  }
}
