import type { PrintJob } from '#libs/idaas';
import type { JobRecord } from '#libs/jobs';

/** What the jobs that are known to be ours teach about the upstream's list of jobs. */
export interface Lesson {
  /** Creators of jobs of ours. */
  readonly creatorIds: ReadonlySet<string>;
  /** Every job of ours that was created since then is in the list. */
  readonly completeSinceMs: number;
}

export interface Tolerance {
  /** How much the upstream's clock may differ. */
  readonly skewMs: number;
  /** How long after a print was sent its job may be created. */
  readonly takesMs: number;
}

/**
 * The vendor's document (issuance-api 5.46) does not say that `GET /prints` names a job by the id that print returned, nor
 * who its creator is. Both are learnt from jobs known to be ours, which must be in the list, each at its time. Gives the
 * reason when nothing can be learnt, or when something does not hold.
 */
export function learn(
  known: readonly JobRecord[],
  listed: ReadonlyMap<string, PrintJob>,
  { skewMs, takesMs }: Tolerance,
): Lesson | string {
  if (known.length === 0) return 'no job of ours is known that could tell how the upstream lists jobs';
  const found = known.flatMap((job) => {
    const entry = listed.get(job.id);
    return entry ? [{ job, entry }] : [];
  });
  if (found.length === 0) return 'GET /prints lists no job by the id that print returned';
  if (found.length < known.length) return 'GET /prints does not list every job of ours';
  const strayed = found.find(({ job, entry }) => {
    const lateMs = entry.createdAtMs - job.createdAtMs;
    return lateMs < -skewMs || lateMs > takesMs + skewMs;
  });
  if (strayed) return 'the clock of the upstream differs from ours by more than RESOLUTION_SKEW_MS';
  if (found.some(({ entry }) => entry.creatorType !== 'API' || entry.creatorId === ''))
    return 'GET /prints names no application as the creator of our jobs';
  return {
    creatorIds: new Set(found.map(({ entry }) => entry.creatorId)),
    completeSinceMs: Math.min(...known.map(({ createdAtMs }) => createdAtMs)),
  };
}
