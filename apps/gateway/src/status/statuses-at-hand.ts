import { Injectable } from '@nestjs/common';
import { CacheConfig, SetAssociativeCache, type Answer, type EntryPlace } from '#libs/cache';
import type { Identity, PrinterId, PrintStatusId } from '#libs/contract';
import type { JobRecord } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import { StatusReader } from './status.reader.js';

interface StatusAtHand extends EntryPlace {
  readonly id: PrintStatusId;
  /** As far as they are known. */
  readonly owner: Identity | undefined;
  readonly printerId: PrinterId | undefined;
}

/**
 * The statuses that were read, each beside what decides who may see its job, so that one look finds both: with many jobs in play the looks are
 * what a read costs. Neither its owner nor its printer ever changes, and the cache empties the place of a status that it gives up.
 */
@Injectable()
export class StatusesAtHand {
  private readonly places: SetAssociativeCache<StatusAtHand>;

  constructor(
    private readonly reader: StatusReader,
    config: CacheConfig,
  ) {
    this.places = new SetAssociativeCache(config.processEntries);
  }

  /** Undefined where it is to be found out whether this caller may see the job, or what its status is. */
  find(id: PrintStatusId, { principal, grant }: Caller): Answer | undefined {
    const place = this.places.get(id);
    const isCovered = place !== undefined && grant.coversJob('ISSUANCE:VIEW', principal, place);
    return isCovered ? this.reader.readAgain(place) : undefined;
  }

  /**
   * After the status was read: what is known of its job. Its own id is kept where there is one: the caller's is a piece of a
   * request's line, which would stay in memory with it.
   */
  note(id: PrintStatusId, job: JobRecord | undefined): void {
    const place: StatusAtHand = {
      id: job?.id ?? id,
      owner: job?.owner,
      printerId: job?.printerId,
      entry: undefined,
      servedUntilMs: 0,
    };
    this.reader.putAtHand(id, place);
    if (place.entry) this.places.set(place);
  }
}
