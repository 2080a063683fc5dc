import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RETRY_MS = 2_000;

/** More bodies are under way than there is memory for. Nothing was read, or what was read is forgotten; nothing was sent. */
export class Overloaded extends Problem {
  static readonly kind: ProblemKind = {
    name: 'overloaded',
    status: 503,
    title: 'The gateway is overloaded',
    meaning:
      'The bodies under way hold all of `BODY_MEMORY_BYTES`, or yours hold half of it. Nothing was printed; send the request again after `Retry-After`.',
  };

  constructor() {
    super(Overloaded.kind, {
      detail: 'There is no memory for this body now. Nothing was printed.',
      headers: retryAfter(RETRY_MS),
    });
  }
}
