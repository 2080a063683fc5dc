/** Each job, and the submissions that it may have come of. */
export type Fits = ReadonlyMap<string, ReadonlySet<string>>;

/** Job → the submission that it is assigned to. */
export type Matching = ReadonlyMap<string, string>;

/** An assignment of every job to a submission of its own (augmenting paths, Berge 1957); undefined when there is none. */
export function matchJobs(fits: Fits): Matching | undefined {
  const submissionOf = new Map<string, string>();
  const jobOf = new Map<string, string>();
  for (const job of fits.keys()) if (!assign(job, { fits, submissionOf, jobOf })) return undefined;
  return submissionOf;
}

/** The pairs that stand in every such assignment. */
export function forcedPairs(fits: Fits, matching: Matching): Matching {
  return new Map([...matching].filter(([job, submission]) => !canDoWithout(job, submission, fits, matching)));
}

/** Splits what has nothing to do with one another. */
export function componentsOf(fits: Fits): Fits[] {
  const left = new Map(fits);
  const components: Fits[] = [];
  for (const [job] of fits) if (left.has(job)) components.push(takeComponent(job, left));
  return components;
}

interface Assignment {
  readonly fits: Fits;
  readonly submissionOf: Map<string, string>;
  readonly jobOf: Map<string, string>;
}

/** Finds a submission for the job, moving others where they can move. */
function assign(job: string, assignment: Assignment, seen = new Set<string>()): boolean {
  const { fits, submissionOf, jobOf } = assignment;
  for (const submission of fits.get(job) ?? []) {
    if (seen.has(submission)) continue;
    seen.add(submission);
    const holder = jobOf.get(submission);
    if (holder !== undefined && !assign(holder, assignment, seen)) continue;
    submissionOf.set(job, submission);
    jobOf.set(submission, job);
    return true;
  }
  return false;
}

function canDoWithout(job: string, submission: string, fits: Fits, matching: Matching): boolean {
  const others = new Set([...(fits.get(job) ?? [])].filter((each) => each !== submission));
  const submissionOf = new Map([...matching].filter(([each]) => each !== job));
  const jobOf = new Map([...submissionOf].map(([each, of]) => [of, each]));
  return assign(job, { fits: new Map([...fits, [job, others]]), submissionOf, jobOf });
}

function takeComponent(first: string, left: Map<string, ReadonlySet<string>>): Fits {
  const component = new Map<string, ReadonlySet<string>>();
  const waiting = [first];
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    const submissions = left.get(job);
    if (!submissions) continue;
    left.delete(job);
    component.set(job, submissions);
    for (const [other, its] of left) if ([...its].some((each) => submissions.has(each))) waiting.push(other);
  }
  return component;
}
