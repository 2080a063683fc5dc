import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RETRY_MS = 1_000;

export class SettlementRunning extends Problem {
  static readonly kind: ProblemKind = {
    name: 'settlement-running',
    status: 409,
    title: 'Somebody settles this print just now',
    meaning: 'Another request settles the same unknown print. Look at the list again after `Retry-After`.',
  };

  constructor() {
    super(SettlementRunning.kind, {
      detail: 'Another request settles this unknown print just now.',
      headers: retryAfter(RETRY_MS),
    });
  }
}
