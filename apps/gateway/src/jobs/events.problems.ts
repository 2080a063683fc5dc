import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RETRY_MS = 5_000;

export class TooManyStreams extends Problem {
  static readonly kind: ProblemKind = {
    name: 'too-many-streams',
    status: 429,
    title: 'Too many event streams are open',
    meaning: 'You have as many event streams open as you may. Close one, or read the status instead.',
  };

  constructor(limit: number) {
    super(TooManyStreams.kind, {
      detail: `You may have ${limit} event streams open.`,
      members: { limit },
      headers: retryAfter(RETRY_MS),
    });
  }
}

export class NoMoreStreams extends Problem {
  static readonly kind: ProblemKind = {
    name: 'no-more-streams',
    status: 503,
    title: 'The gateway has no event stream left',
    meaning:
      'This gateway has as many event streams open as it keeps. Try again, or read the status instead.',
  };

  constructor() {
    super(NoMoreStreams.kind, {
      detail: 'This gateway has as many event streams open as it keeps.',
      headers: retryAfter(RETRY_MS),
    });
  }
}
