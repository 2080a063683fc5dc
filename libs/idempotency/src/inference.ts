import { componentsOf, forcedPairs, matchJobs, type Fits } from './matching.js';

/** A submission of which it may be unknown whether a job came of it. */
export interface Suspect {
  readonly id: string;
  /** Between these a job of its must have been created, if there is one. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Whoever a job of its would belong to. */
  readonly owner: string;
  /** Its gateway may still learn its outcome: it may account for a job, but is not for anybody else to settle. */
  readonly isRunning: boolean;
}

/** A job of ours that no submission of known outcome accounts for. */
export interface LeftJob {
  readonly id: string;
  readonly createdAtMs: number;
  /** The submission it came of, where that was still written down. */
  readonly submissionId?: string | undefined;
}

export interface Inference {
  /** Submission → its job. */
  readonly printed: ReadonlyMap<string, string>;
  readonly notPrinted: readonly string[];
  /** More jobs than submissions could have made: somebody else prints as us, or a clock is wrong. */
  readonly isContradicted: boolean;
}

/** More than so many together are left to a person: looking at every assignment would take too long. */
const MAX_TOGETHER = 200;

/**
 * What follows uniquely from counts and time windows. Each job came of exactly one submission, and of each submission at
 * most one job. So a submission that no job fits, when its time is over, was not printed. Where only one assignment fits
 * it is the right one. Where as many jobs as submissions are left, each was printed, and when all have one owner it does
 * not matter which is which. Everything else stays unknown.
 */
export function infer(suspects: readonly Suspect[], jobs: readonly LeftJob[], nowMs: number): Inference {
  const byId = new Map(suspects.map((suspect) => [suspect.id, suspect]));
  const fits = fitsOf(suspects, jobs);
  const mentioned = new Set([...fits.values()].flatMap((ids) => [...ids]));
  const components = componentsOf(fits).filter(({ size }) => size <= MAX_TOGETHER);
  const settled = components.map((component) => inferTogether(component, byId));
  const isOver = ({ id, isRunning, untilMs }: Suspect) => !isRunning && untilMs < nowMs && !mentioned.has(id);
  return {
    printed: new Map(settled.flatMap((pairs) => pairs ?? [])),
    notPrinted: suspects.filter(isOver).map(({ id }) => id),
    isContradicted: settled.includes(undefined),
  };
}

/** Jobs that fit nobody tell nothing: what made them was settled before. */
function fitsOf(suspects: readonly Suspect[], jobs: readonly LeftJob[]): Fits {
  const fitting = ({ createdAtMs, submissionId }: LeftJob) =>
    submissionId === undefined
      ? suspects.filter(({ fromMs, untilMs }) => fromMs <= createdAtMs && createdAtMs <= untilMs)
      : suspects.filter(({ id }) => id === submissionId);
  const fits = jobs.map((job) => [job.id, new Set(fitting(job).map(({ id }) => id))] as const);
  return new Map(fits.filter(([, ids]) => ids.size > 0));
}

/** The pairs that are certain among jobs and submissions that fit one another; undefined when nothing fits at all. */
function inferTogether(fits: Fits, suspects: ReadonlyMap<string, Suspect>): [string, string][] | undefined {
  const matching = matchJobs(fits);
  if (!matching) return undefined;
  const forced = forcedPairs(fits, matching);
  const rest: Fits = new Map([...fits].filter(([job]) => !forced.has(job)));
  const interchangeable = componentsOf(rest).flatMap((group) =>
    isOneOwners(group, suspects) ? [...group.keys()].map((job) => [job, matching.get(job)] as const) : [],
  );
  return [...forced, ...interchangeable].flatMap(([job, id]) =>
    id !== undefined && suspects.get(id)?.isRunning === false ? [[id, job]] : [],
  );
}

function isOneOwners(group: Fits, suspects: ReadonlyMap<string, Suspect>): boolean {
  const members = [...new Set([...group.values()].flatMap((ids) => [...ids]))].map((id) => suspects.get(id));
  const areAllPrinted = members.length === group.size && members.every((each) => each?.isRunning === false);
  return areAllPrinted && new Set(members.map((each) => each?.owner)).size === 1;
}
