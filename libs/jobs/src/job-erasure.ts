import type { Identity, PrintStatusId } from '#libs/contract';
import type { Change } from '#libs/store';
import { EVERYBODYS_JOBS, indexKeysOf, keyOfJob } from './job-keys.js';
import { decodeJob, encodeJob } from './job-record.js';

/** Stands for an owner who was erased. No caller is it: the issuer of a caller has a name. */
const ERASED_OWNER: Identity = { issuer: '', subject: '', tenant: undefined };

/** The keys of all records of jobs, as a pattern of Redis. */
export const JOB_RECORDS = keyOfJob('*' as PrintStatusId, 'job');

/** On which gateways are told the id of a job whose owner was erased. */
export const JOB_ERASED = 'jobs:erased';

/** Whose job a record says it is, and which one. */
export function ownedJobOf(encoded: string): { readonly id: PrintStatusId; readonly owner: Identity } {
  return decodeJob(encoded);
}

/**
 * Takes out of a job's record, where it is still this one, who printed it and how they called it, and the job out of the lists of its owner and
 * tenant. The record itself stays for the rest of its time, `ttlMs`: a job that is nobody's could be taken for the outcome of another's print
 * whose answer was lost, and be given to that caller. Cards that were reserved for it are not given back any more. Made again, changes nothing.
 */
export function erasingOwner(encoded: string, ttlMs: number): Change {
  const { reservation, label, ...job } = decodeJob(encoded);
  const key = keyOfJob(job.id, 'job');
  const lists = indexKeysOf(job.owner).filter((list) => list !== EVERYBODYS_JOBS);
  return {
    conditions: [{ key, is: encoded }],
    writes: [
      { set: key, value: encodeJob({ ...job, owner: ERASED_OWNER, label: undefined }), ttlMs },
      ...lists.map((list) => ({ unlist: list, member: job.id })),
      { remove: keyOfJob(job.id, 'history') },
      { publish: JOB_ERASED, message: job.id },
    ],
  };
}
