import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RUNNING_RETRY_MS = 1_000;
const UNKNOWN_RETRY_MS = 5_000;
const BUSY_RETRY_MS = 1_000;

export class RequestInProgress extends Problem {
  static readonly kind: ProblemKind = {
    name: 'request-running',
    status: 409,
    title: 'The request with this key is still running',
    meaning: 'Another request with this Idempotency-Key is being done. Ask again after `Retry-After`.',
  };

  constructor() {
    super(RequestInProgress.kind, {
      detail: 'A request with this Idempotency-Key is still running.',
      headers: retryAfter(RUNNING_RETRY_MS),
    });
  }
}

export class OutcomeUnknown extends Problem {
  static readonly kind: ProblemKind = {
    name: 'outcome-unknown',
    status: 504,
    title: 'It is not known whether it was done',
    meaning:
      'The request was sent, and its answer was lost. It is not sent again. Ask again with the same key; without one, look at your jobs.',
  };

  /** `isKeyed`: whether there is a key to ask again with. */
  constructor(cause: unknown, { isKeyed }: { isKeyed: boolean }) {
    const lost = 'The request was sent, and its answer was lost.';
    super(
      OutcomeUnknown.kind,
      isKeyed
        ? {
            detail: `${lost} Retry with the same Idempotency-Key: it is not done twice.`,
            headers: retryAfter(UNKNOWN_RETRY_MS),
            cause,
          }
        : { detail: `${lost} It had no Idempotency-Key: sent again, it may be done twice.`, cause },
    );
  }
}

export class OutcomeStillUnknown extends Problem {
  static readonly kind: ProblemKind = {
    name: 'outcome-still-unknown',
    status: 409,
    title: 'It is still not known whether it was done',
    meaning:
      'The request with this key was sent, and its answer was lost. The gateway tries to find out; what it cannot tell, a person settles. It is not sent again meanwhile.',
  };

  constructor() {
    super(OutcomeStillUnknown.kind, {
      detail:
        'The request with this Idempotency-Key was sent, and its answer was lost. It is not sent again.',
      headers: retryAfter(UNKNOWN_RETRY_MS),
    });
  }
}

export class KeyExpired extends Problem {
  static readonly kind: ProblemKind = {
    name: 'idempotency-key-expired',
    status: 409,
    title: 'The key is older than what answers are kept of',
    meaning:
      'This Idempotency-Key carries a time (UUIDv7) longer ago than answers are kept (`IDEMPOTENCY_COMPLETED_HOURS`), so it cannot be known any more what was done under it. Nothing was sent. Look whether it was done before you send it with a new key.',
  };

  constructor() {
    super(KeyExpired.kind, {
      detail: 'This Idempotency-Key was made longer ago than answers are kept. Nothing was sent.',
      target: 'Idempotency-Key',
    });
  }
}

export class PrinterBusy extends Problem {
  static readonly kind: ProblemKind = {
    name: 'printer-busy',
    status: 503,
    title: 'The printer is busy',
    meaning:
      'Other prints to this printer are being sent, or it is being found out what became of one. Nothing was sent, and the key is free. Try again after `Retry-After`.',
  };

  constructor() {
    super(PrinterBusy.kind, {
      detail: 'Other prints to this printer are being sent. Nothing was done.',
      headers: retryAfter(BUSY_RETRY_MS),
    });
  }
}

export class KeyReused extends Problem {
  static readonly kind: ProblemKind = {
    name: 'idempotency-key-reused',
    status: 422,
    title: 'The key was used for another request',
    meaning: 'This Idempotency-Key came with another body before. A new request needs a new key.',
  };

  constructor() {
    super(KeyReused.kind, {
      detail: 'This Idempotency-Key came with another body before.',
      target: 'Idempotency-Key',
    });
  }
}
