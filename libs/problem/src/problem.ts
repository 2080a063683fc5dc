/** One kind of error: its stable name (the last part of `type`), status and title, and what it means in words. */
export interface ProblemKind {
  readonly name: string;
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
}

/** Why the access token was not enough (RFC 6750 §3.1, RFC 9449 §7.1). */
export interface Challenge {
  /** Left out: Bearer. */
  readonly scheme?: 'Bearer' | 'DPoP';
  readonly error?: 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  /** The algorithms of proofs that are taken (RFC 9449 §7.1). */
  readonly algs?: string;
}

export interface ProblemOptions {
  /** What was wrong in this case, where, and what would be right. Never a secret, never a submitted value. */
  readonly detail?: string;
  /** What somebody else says of it. Only the caller is told, in the place of `detail`: it may repeat what the caller submitted, so it is never logged. */
  readonly said?: string | undefined;
  /** The vendor's error code where the upstream gave one; otherwise the kind's own name. */
  readonly code?: string;
  /** The vendor's `target`: the part of the request that is wrong. */
  readonly target?: string | undefined;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which case of its kind it is, for logs and metrics: of a small fixed set, in letters. */
  readonly reason?: string;
  /** What of a challenge is this problem's own (RFC 6750 §3); an empty one names no error. */
  readonly challenge?: Challenge;
  readonly cause?: unknown;
}

/** An error with an answer for the caller (RFC 9457). Each lib lists its own on one page, `x.problems.ts`. */
export abstract class Problem extends Error {
  readonly detail: string;
  readonly said: string | undefined;
  readonly code: string;
  readonly target: string | undefined;
  readonly reason: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly challenge: Challenge | undefined;

  constructor(
    readonly kind: ProblemKind,
    options: ProblemOptions = {},
  ) {
    const { stackTraceLimit } = Error;
    // Where a caller's fault was found is of no use to anybody, and finding out costs more than all the rest of a refusal.
    if (kind.status < 500) Error.stackTraceLimit = 0;
    super(options.detail ?? kind.title, { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = kind.name;
    this.detail = options.detail ?? kind.title;
    this.said = options.said;
    this.code = options.code ?? kind.name.replaceAll('-', '_');
    this.target = options.target;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
    this.reason = options.reason;
    this.challenge = options.challenge;
  }
}

/** `Retry-After` in whole seconds, at least one (RFC 9110 §10.2.3). */
export function retryAfter(milliseconds: number): Readonly<Record<string, string>> {
  // A difference of two times may be a little more than it should be, and would be a second more.
  return { 'retry-after': String(Math.max(1, Math.ceil(Math.round(milliseconds) / 1000))) };
}
