import type { PrintStatusId } from '#libs/contract';
import type { Store } from '#libs/store';
import { indexKeysOf, jobKey } from './job-keys.js';
import { decodeJob, encodeJob, NO_JOB, type JobRecord } from './job-record.js';

const ENCODED_NO_JOB = encodeJob(NO_JOB);

/**
 * The records of jobs on the Store, and the indices that list them. A job came of one submission: the record under its id decides of
 * which, and whoever comes second changes nothing. Every method may throw `StoreUnavailable`, and can then be called again.
 */
export class JobRecords {
  constructor(
    private readonly store: Store,
    private readonly retentionMs: number,
  ) {}

  /** Undefined after as much work as a record takes: the time must not tell whether there is one (CWE-208). */
  async find(id: PrintStatusId): Promise<JobRecord | undefined> {
    const encoded = await this.store.get(jobKey(id));
    const job = decodeJob(encoded ?? ENCODED_NO_JOB);
    return encoded === undefined ? undefined : job;
  }

  /** Writes it down where its id has no record. The record that stands then: this one, or the one that was first. */
  async add(job: JobRecord): Promise<JobRecord> {
    const written = this.store.setIfAbsent(jobKey(job.id), encodeJob(job), this.retentionMs);
    // At the same time, for a print waits for it. An entry in the list of who does not own the job shows them nothing.
    await Promise.all([written, ...indexKeysOf(job.owner).map((key) => this.list(key, job))]);
    if (await written) return job;
    const first = (await this.find(job.id)) ?? job;
    await this.listOnly(first, job);
    return first;
  }

  private async listOnly(job: JobRecord, other: JobRecord): Promise<void> {
    const right = indexKeysOf(job.owner);
    const wrong = indexKeysOf(other.owner).filter((key) => !right.includes(key));
    await Promise.all([
      ...right.map((key) => this.list(key, job)),
      ...wrong.map((key) => this.store.removeFromIndex(key, other.id)),
    ]);
  }

  private list(key: string, { id, createdAtMs }: JobRecord): Promise<void> {
    const { retentionMs } = this;
    return this.store.addToIndex(key, id, createdAtMs, retentionMs, createdAtMs - retentionMs);
  }
}
