import { Injectable } from '@nestjs/common';
import { CacheConfig, SetAssociativeCache, type Answer, type EntryPlace } from '#libs/cache';
import type { Identity, PrintStatusId } from '#libs/contract';
import { maySee, type JobRecord } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import { StatusReader } from './status.reader.js';

interface StatusAtHand extends EntryPlace {
  readonly id: PrintStatusId;
  /** As far as it is known. */
  readonly owner: Identity | undefined;
}

/**
 * The statuses that were read, each beside the owner of its job, so that one look finds both: with many jobs in play the looks are
 * what a read costs. The owner of a job never changes, and the cache empties the place of a status that it gives up.
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
    return place && maySee(principal, grant.jobs, place.owner) ? this.reader.readAgain(place) : undefined;
  }

  /**
   * After the status was read: what is known of its job. Its own id is kept where there is one: the caller's is a piece of a
   * request's line, which would stay in memory with it.
   */
  note(id: PrintStatusId, job: JobRecord | undefined): void {
    const place: StatusAtHand = {
      id: job?.id ?? id,
      owner: job?.owner,
      entry: undefined,
      servedUntilMs: 0,
    };
    this.reader.putAtHand(id, place);
    if (place.entry) this.places.set(place);
  }
}
