import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RETRY_AFTER_MS = 2_000;

export class StoreUnavailable extends Problem {
  static readonly kind: ProblemKind = {
    name: 'shared-state-unavailable',
    status: 503,
    title: 'The shared state is away',
    meaning:
      'What this request needs for its safety cannot be read or written now. Try again after `Retry-After`.',
  };

  constructor(cause?: unknown) {
    super(StoreUnavailable.kind, {
      detail: 'The shared state cannot be read or written now.',
      headers: retryAfter(RETRY_AFTER_MS),
      cause,
    });
  }
}
