import type { PrintStatusId } from '#libs/contract';
import type { Condition, Store, Write } from '#libs/store';
import { indexKeysOf, keyOfJob } from './job-keys.js';
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
    const encoded = await this.store.get(keyOfJob(id, 'job'));
    const job = decodeJob(encoded ?? ENCODED_NO_JOB);
    return encoded === undefined ? undefined : job;
  }

  /**
   * What is written down of a job in one step with that which it comes with: the record, where its id has none, and its places in the lists
   * of who may see it. `saysSo` tells whether what stands there already is the same.
   */
  ownerWriteOf(job: JobRecord) {
    const { id, createdAtMs } = job;
    const ttlMs = this.retentionMs;
    const place = { member: id, score: createdAtMs, ttlMs, minScore: createdAtMs - ttlMs };
    const condition: Condition = { key: keyOfJob(id, 'job'), is: undefined };
    const writes: Write[] = [
      { set: keyOfJob(id, 'job'), value: encodeJob(job), ttlMs },
      ...indexKeysOf(job.owner).map((list) => ({ list, ...place })),
    ];
    return {
      condition,
      writes,
      isSatisfiedBy: (found: string | undefined) =>
        found !== undefined && decodeJob(found).submissionId === job.submissionId,
    };
  }
}
