import { MalformedRequest, Problem, retryAfter, type ProblemKind } from '#libs/problem';

const RETRY_MS = 2_000;

/** More bodies are under way than there is memory for. Nothing was read, or what was read is forgotten; nothing was sent. */
export class Overloaded extends Problem {
  static readonly kind: ProblemKind = {
    name: 'overloaded',
    status: 503,
    title: 'The gateway is overloaded',
    meaning:
      'The bodies under way hold all of `BODY_MEMORY_BYTES`, or yours, or those of your tenant, hold all that they may; or this upload was slow, and others needed its share. Nothing was printed; send the request again after `Retry-After`.',
  };

  constructor() {
    super(Overloaded.kind, {
      detail: 'There is no memory for this body now. Nothing was printed.',
      headers: retryAfter(RETRY_MS),
    });
  }
}

/** The connection closed before all of the body had come. */
export function brokenOff(cause?: Error): MalformedRequest {
  return new MalformedRequest({ detail: 'The body was broken off.', cause });
}
