import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const MAY_SHOW_RETRY_MS = 10_000;

export class JobFits extends Problem {
  static readonly kind: ProblemKind = {
    name: 'job-fits',
    status: 409,
    title: 'The upstream has a job that fits this print',
    meaning:
      'The print is not settled as not printed: the upstream lists a job of the gateway’s at its printer, created since it was sent, that belongs to no other print. `printStatusIds` names such jobs to who may see them. Settle it as printed with this job; or send `"force": true`, and its key can print once more.',
  };

  /** Those that the person may see. */
  constructor(printStatusIds: readonly string[]) {
    const which = printStatusIds.length > 0 ? `: ${printStatusIds.join(', ')}` : '';
    super(JobFits.kind, {
      detail: `The upstream lists a job that may be that of this print${which}. Send "force": true to settle it as not printed all the same.`,
      target: 'outcome',
      members: printStatusIds.length > 0 ? { printStatusIds } : {},
    });
  }
}

/** Nothing fits yet, and the upstream had no time to show a job. */
export class JobMayStillShow extends Problem {
  static readonly kind: ProblemKind = {
    name: 'job-may-still-show',
    status: 409,
    title: 'A job may still show up',
    meaning:
      'The upstream lists no job that fits this print, but the print is too young to tell: the gateway is still finding out itself. Nothing was settled. Try again after `Retry-After`, or say `"force": true`.',
  };

  constructor() {
    super(JobMayStillShow.kind, {
      detail: 'The print is too young to tell from the list of jobs that nothing was printed.',
      headers: retryAfter(MAY_SHOW_RETRY_MS),
    });
  }
}
