import { SharedEntries } from '#libs/cache';
import { erasingOwner, JOB_RECORDS, keyOfJob, ownedJobOf } from '#libs/jobs';
import type { Desk } from './desk.js';

interface FoundJob {
  readonly key: string;
  readonly encoded: string;
}

/** Takes the person out of the records of their jobs, and the statuses of these out of the caches; of how many. */
export async function eraseJobs(desk: Desk): Promise<number> {
  const { inventory, erases } = desk;
  const found = new Set<string>();
  for await (const keys of inventory.keys(JOB_RECORDS)) {
    const jobs = await personsJobs(desk, keys);
    for (const { key } of jobs) found.add(key);
    if (erases) await Promise.all(jobs.map((job) => eraseJob(desk, job)));
  }
  return found.size;
}

async function personsJobs({ inventory, person }: Desk, keys: readonly string[]): Promise<FoundJob[]> {
  const values = await inventory.values(keys);
  return keys.flatMap((key, at) => {
    const encoded = values[at];
    return encoded !== undefined && person.is(ownedJobOf(encoded).owner) ? [{ key, encoded }] : [];
  });
}

/** Its status first: once its record names nobody, it is not found any more. */
async function eraseJob({ inventory, store }: Desk, { key, encoded }: FoundJob): Promise<void> {
  const leftMs = await inventory.leftMs(key);
  if (leftMs === undefined) return;
  await new SharedEntries(store).invalidate(keyOfJob(ownedJobOf(encoded).id, 'status'));
  await store.commit(erasingOwner(encoded, leftMs));
}
