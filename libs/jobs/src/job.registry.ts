import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ResourceNotFound } from '#libs/problem';
import {
  identityKey,
  type Identity,
  type JobScope,
  type PrinterId,
  type PrintStatusId,
} from '#libs/contract';
import { Store } from '#libs/store';
import { JOB_ERASED } from './job-erasure.js';
import { EVERYBODYS_JOBS, indexKey } from './job-keys.js';
import { NO_JOB, type JobRecord } from './job-record.js';
import { JobRecords } from './job-records.js';
import { JobsConfig } from './jobs.config.js';
import { Interner } from './interner.js';

/** A place in a list of jobs. */
export interface Place {
  readonly createdAtMs: number;
  readonly id: string;
}

/** Decides whether a caller may have a job; undefined is a job of which nothing is known. */
export type JobRule = (job: JobRecord | undefined) => boolean;

export interface JobIndexQuery {
  readonly scope: JobScope;
  readonly caller: Identity;
  /** Which of them may be shown. */
  readonly isCovered: JobRule;
  /** Undefined begins with the newest. */
  readonly after: Place | undefined;
  readonly limit: number;
}

export interface Page {
  readonly jobs: readonly JobRecord[];
  /** Where it ends; undefined when nothing comes after it. */
  readonly last: Place | undefined;
}

/**
 * Whose job it is. A job is noted when it was printed, and found as long as the settings say. What was found is kept
 * in the process, as long as there is room: it never changes, but for its owner, who may be erased.
 */
@Injectable()
export class JobRegistry {
  private readonly known: LRUCache<string, JobRecord>;
  private readonly owners = new Interner<Identity>(identityKey);
  private readonly printers = new Interner<PrinterId>((id) => id);
  private readonly records: JobRecords;

  constructor(
    private readonly store: Store,
    config: JobsConfig,
  ) {
    this.known = new LRUCache({ max: config.processEntries });
    this.records = new JobRecords(store, config.retentionMs);
    store.subscribe(JOB_ERASED, (id) => this.forget(id));
  }

  /**
   * What is written down of a job together with the outcome of its submission, provided that it is nobody's yet. Known here once it was
   * written, and before while it cannot be.
   */
  ownerWriteOf(job: JobRecord) {
    return {
      ...this.records.ownerWriteOf(job),
      onDeferred: () => {
        if (!this.known.has(job.id)) this.keep(job);
      },
      onWritten: () => {
        this.keep(job);
      },
      onConflict: () => {
        this.known.delete(job.id);
      },
    };
  }

  /**
   * Whether the caller may have the job by what this process knows of it. Where it is false only `requireVisible` can tell: another
   * process may have printed it.
   */
  isKnownVisible(id: PrintStatusId, isCovered: JobRule): boolean {
    return isCovered(this.known.peek(id));
  }

  /**
   * Lets a caller pass who may have the job, with what is known of it: nothing may be, for who may have any job. Throws
   * `ResourceNotFound` for a job that is another's and for one that never was, after the same look into the shared state;
   * throws `StoreUnavailable` when it cannot be known.
   */
  async requireVisible(id: PrintStatusId, isCovered: JobRule): Promise<JobRecord | undefined> {
    const known = this.known.peek(id);
    if (isCovered(known)) return known;
    const job = await this.lookUp(id);
    if (!job || !isCovered(job)) throw new ResourceNotFound();
    return job;
  }

  /** What is known of a job; undefined when it was not printed through the gateway, or too long ago. */
  async find(id: PrintStatusId): Promise<JobRecord | undefined> {
    return this.known.get(id) ?? (await this.lookUp(id));
  }

  /** All that is written down of a job, its reservation too, which is not kept in the process. Throws `StoreUnavailable`. */
  readRecord(id: PrintStatusId): Promise<JobRecord | undefined> {
    return this.records.find(id);
  }

  /** Everybody's jobs that were printed until `untilMs`, newest first, at most `limit`. */
  async newest(untilMs: number, limit: number): Promise<JobRecord[]> {
    const entries = await this.store.readIndex(EVERYBODYS_JOBS, untilMs, limit);
    const jobs = await Promise.all(entries.map(({ member }) => this.find(member as PrintStatusId)));
    return jobs.filter((job) => job !== undefined);
  }

  /**
   * Jobs of this caller's scope that may be shown, newest first, from behind `after`. A job that is printed meanwhile shifts
   * nothing: a place is named by what stands there. Throws `StoreUnavailable`.
   */
  async list({ scope, caller, isCovered, after, limit }: JobIndexQuery): Promise<Page> {
    const key = indexKey(scope, caller);
    if (key === undefined) return { jobs: [], last: undefined };
    const entries = await this.entriesAfter(key, after, limit);
    const found = await Promise.all(entries.map(({ member }) => this.find(member as PrintStatusId)));
    const jobs = found.filter((job) => job !== undefined && isCovered(job));
    return { jobs: jobs as JobRecord[], last: entries.length < limit ? undefined : placeOf(entries.at(-1)) };
  }

  /** Of those with the same time the ones before the place are read too, and dropped. */
  private async entriesAfter(key: string, after: Place | undefined, limit: number) {
    for (let count = limit + 1; ; count *= 2) {
      const entries = await this.store.readIndex(key, after?.createdAtMs ?? Infinity, count);
      const behind = entries.filter((entry) => !after || isBehind(entry, after));
      if (behind.length >= limit || entries.length < count) return behind.slice(0, limit);
    }
  }

  /** Its owner was erased: what is left of it is read anew. */
  private forget(id: string): void {
    const job = this.known.peek(id);
    if (!job) return;
    this.known.delete(id);
    this.owners.delete(job.owner);
  }

  private async lookUp(id: PrintStatusId): Promise<JobRecord | undefined> {
    const job = await this.records.find(id);
    // Nothing is kept with as much work as something: the time must not tell them apart (CWE-208).
    const kept = this.keep(job ?? NO_JOB);
    return job && kept;
  }

  private keep(job: JobRecord): JobRecord {
    const { reservation, ...rest } = job;
    const kept = { ...rest, owner: this.owners.of(job.owner), printerId: this.printers.of(job.printerId) };
    this.known.set(job.id, kept);
    return kept;
  }
}

function isBehind({ member, score }: { member: string; score: number }, after: Place): boolean {
  return score < after.createdAtMs || (score === after.createdAtMs && member < after.id);
}

function placeOf(entry: { member: string; score: number } | undefined): Place | undefined {
  return entry && { createdAtMs: entry.score, id: entry.member };
}
