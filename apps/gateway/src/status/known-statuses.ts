import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CacheConfig } from '#libs/cache';
import { isFinalStatus, type PrintStatusId } from '#libs/contract';

const MAX_JOBS = 100_000;

export interface KnownStatus {
  readonly status: string | undefined;
  readonly atMs: number;
}

/**
 * The last status that this process saw of each job, by its name alone: nothing of a card. What is not final is forgotten when the job is
 * changed through a gateway.
 */
@Injectable()
export class KnownStatuses {
  private readonly known: LRUCache<string, KnownStatus>;
  private readonly changedAtMs: LRUCache<string, number>;

  constructor({ processEntries }: CacheConfig) {
    const max = Math.min(MAX_JOBS, processEntries);
    this.known = new LRUCache({ max });
    this.changedAtMs = new LRUCache({ max });
  }

  of(id: PrintStatusId): KnownStatus | undefined {
    return this.known.get(id);
  }

  /** `atMs` is when it was asked for: what was asked before the last change is no news. */
  note(id: PrintStatusId, { status, atMs }: KnownStatus): void {
    const known = this.known.peek(id);
    const isOld = atMs <= (known?.atMs ?? -Infinity) || atMs <= (this.changedAtMs.peek(id) ?? -Infinity);
    if (isFinalStatus(status) || !isOld) this.known.set(id, { status, atMs });
  }

  forgetChanging(id: PrintStatusId): void {
    this.changedAtMs.set(id, Date.now());
    if (!isFinalStatus(this.known.peek(id)?.status)) this.known.delete(id);
  }
}
