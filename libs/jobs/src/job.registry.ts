import { LRUCache } from 'lru-cache';
import { ResourceNotFound } from '#libs/problem';
import type { Identity, JobScope, PrintStatusId } from '#libs/contract';
import type { Store, WriteBehind } from '#libs/store';
import { EVERYBODYS_JOBS, indexKeysOf, jobKey } from './job-keys.js';
import { decodeJob, encodeJob, type JobRecord } from './job-record.js';
import { maySee } from './job-visibility.js';
import type { JobsConfig } from './jobs.config.js';

/**
 * Whose job it is. A job is noted when it was printed, and found as long as the settings say. What was found is kept
 * in the process: it never changes.
 */
export class JobRegistry {
  private readonly known: LRUCache<string, JobRecord>;

  constructor(
    private readonly store: Store,
    private readonly unwritten: WriteBehind,
    private readonly config: JobsConfig,
  ) {
    this.known = new LRUCache({ max: config.processEntries });
  }

  /** Notes a job that was printed. Never rejects: what cannot be written now is written later. */
  async note(job: JobRecord): Promise<void> {
    this.known.set(job.id, job);
    await this.unwritten.write('the owner of a job', () => this.write(job));
  }

  /**
   * Lets a caller pass who may see the job. Throws `ResourceNotFound` for a job that is another's and for one that never
   * was, after the same look into the shared state; throws `StoreUnavailable` when it cannot be known.
   */
  async requireVisible(id: PrintStatusId, caller: Identity, scope: JobScope): Promise<void> {
    const known = this.known.get(id);
    if (scope === 'any' || (known && maySee(caller, scope, known))) return;
    const job = await this.lookUp(id);
    if (!job || !maySee(caller, scope, job)) throw new ResourceNotFound();
  }

  /** What is known of a job; undefined when it was not printed through the gateway, or too long ago. */
  async find(id: PrintStatusId): Promise<JobRecord | undefined> {
    return this.known.get(id) ?? (await this.lookUp(id));
  }

  /** Everybody's jobs that were printed until `untilMs`, newest first, at most `limit`. */
  async newest(untilMs: number, limit: number): Promise<JobRecord[]> {
    const entries = await this.store.readIndex(EVERYBODYS_JOBS, untilMs, limit);
    const jobs = await Promise.all(entries.map(({ member }) => this.find(member as PrintStatusId)));
    return jobs.filter((job) => job !== undefined);
  }

  private async lookUp(id: PrintStatusId): Promise<JobRecord | undefined> {
    const encoded = await this.store.get(jobKey(id));
    const job = encoded === undefined ? undefined : decodeJob(encoded);
    if (job) this.known.set(id, job);
    return job;
  }

  /** The indices first: a record that is found is listed too. */
  private async write(job: JobRecord): Promise<void> {
    const { retentionMs } = this.config;
    for (const key of indexKeysOf(job.owner)) {
      await this.store.addToIndex(key, job.id, job.createdAtMs, retentionMs);
      await this.store.trimIndex(key, job.createdAtMs - retentionMs);
    }
    await this.store.set(jobKey(job.id), encodeJob(job), retentionMs);
  }
}
