import type { JobHistory } from './job-history.js';
import { listedJob, type ListedJob } from './listed-job.js';
import type { PrintJob } from './print-job.machine.js';

/** All jobs there are, the oldest at 0: those of the history, then those that were printed here. */
export interface JobSequence {
  readonly length: number;
  /** Undefined where there is none. */
  at(position: number): ListedJob | undefined;
}

export function jobSequence(
  history: JobHistory,
  printed: readonly PrintJob[],
  applicationId: string,
): JobSequence {
  const old = history.length;
  return {
    length: old + printed.length,
    at(position) {
      if (position >= 0 && position < old) return history.at(position);
      const job = printed[position - old];
      return job && listedJob(job, applicationId);
    },
  };
}
