import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RETRY_AFTER_MS = 2_000;

const FULL_RETRY_MS = 60_000;

export class StoreFull extends Problem {
  static readonly kind: ProblemKind = {
    name: 'state-full',
    status: 503,
    title: 'No more can be kept',
    meaning:
      'Without Redis the gateway keeps in its memory what must not be lost: which keys were used, whose job it is, how many cards were printed. All the room for it is taken (`MEMORY_STORE_ENTRIES`), so nothing was sent. Try again after `Retry-After`.',
  };

  constructor() {
    super(StoreFull.kind, {
      detail: 'All the room is taken for what must not be lost. Nothing was sent.',
      headers: retryAfter(FULL_RETRY_MS),
    });
  }
}

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
