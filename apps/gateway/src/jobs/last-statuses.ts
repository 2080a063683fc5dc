import { Injectable, Logger } from '@nestjs/common';
import { isFinalStatus, type PrintStatusId } from '#libs/contract';
import { RateExceeded } from '#libs/limits';
import type { Caller } from '#libs/policy';
import { CacheTtlConfig } from '../cache-ttl.config.js';
import { KnownStatuses, type KnownStatus } from '../status/known-statuses.js';
import { StatusReader } from '../status/status.reader.js';

/** So many are asked for at the same time, for one page. */
const PARALLEL = 8;

/** What is known of the statuses of a page's jobs. */
export interface PageOfStatuses {
  /** Without those that cannot be had now. */
  readonly statuses: ReadonlyMap<string, KnownStatus>;
  /** Why one is missing, where it would have been a call more than the caller may cause now. */
  readonly refusals: ReadonlyMap<string, RateExceeded>;
}

/**
 * The last known statuses of jobs in a list. What is known and new enough costs nothing; each call of the upstream that is made
 * is counted to the caller, the ones for jobs of which nothing is known first. When the caller may cause no more, the others show what
 * was seen last.
 */
@Injectable()
export class LastStatuses {
  private readonly log = new Logger('Jobs');

  constructor(
    private readonly reader: StatusReader,
    private readonly known: KnownStatuses,
    private readonly lifetimes: CacheTtlConfig,
  ) {}

  async of(ids: readonly PrintStatusId[], caller: Caller): Promise<PageOfStatuses> {
    const statuses = new Map<string, KnownStatus>();
    const refusals = new Map<string, RateExceeded>();
    for (const id of ids) {
      const known = this.known.of(id);
      if (known) statuses.set(id, known);
    }
    const seenAtMs = (id: string) => statuses.get(id)?.atMs ?? 0;
    const left = ids.filter((id) => this.isOld(statuses.get(id))).sort((a, b) => seenAtMs(a) - seenAtMs(b));
    const work = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        const read = await this.read(id, caller);
        if (read instanceof RateExceeded) refusals.set(id, read);
        else if (read) statuses.set(id, read);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, left.length) }, work));
    return { statuses, refusals };
  }

  private isOld(known: KnownStatus | undefined): boolean {
    if (!known) return true;
    return !isFinalStatus(known.status) && Date.now() - known.atMs >= this.lifetimes.listedStatusFreshMs;
  }

  private async read(id: PrintStatusId, caller: Caller): Promise<KnownStatus | RateExceeded | undefined> {
    try {
      const { entry } = await this.reader.read(id, { caller, isPaced: true });
      const { status } = JSON.parse(entry.text) as { status?: string };
      const seen = { status, atMs: entry.storedAtMs };
      this.known.note(id, seen);
      return seen;
    } catch (error) {
      if (error instanceof RateExceeded) return error;
      this.log.debug({ err: error }, 'the status of a listed job cannot be had');
      return undefined;
    }
  }
}
