import { ProxyFault } from '#libs/network';
import { Problem, retryAfter, type ProblemKind } from '#libs/problem';
import type { VendorError } from './vendor-error.js';

/** The upstream said what is wrong with the request (its 400). */
export class UpstreamRefused extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-refused',
    status: 400,
    title: 'The upstream refuses the request',
    meaning: '`code` and `message` are those of the upstream; nothing was printed.',
  };

  constructor({ message, ...said }: VendorError) {
    super(UpstreamRefused.kind, {
      ...said,
      said: message,
      detail:
        message === undefined ? 'The upstream gave no reason.' : 'The upstream told the caller its reason.',
    });
  }
}

/** No connection, or it broke. `sent` tells whether a byte of the request may have reached the upstream. */
export class UpstreamUnreachable extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-unreachable',
    status: 502,
    title: 'The upstream cannot be reached',
    meaning: 'The connection to the upstream could not be opened, or broke.',
  };

  constructor(
    readonly sent: boolean,
    cause: unknown,
  ) {
    const detail = cause instanceof ProxyFault ? cause.message : 'The connection to the upstream failed.';
    super(UpstreamUnreachable.kind, { detail, cause });
  }
}

export class UpstreamFailed extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-failed',
    status: 502,
    title: 'The upstream failed',
    meaning:
      'The upstream answered with an error of its own. `code`, `message` and `target` are those of the upstream where it has some for people; so is `Retry-After`, which a read may be sent again after. A print may have been done all the same.',
  };

  constructor(
    readonly upstreamStatus: number,
    { message, ...said }: VendorError = {},
    retryAfterMs?: number,
  ) {
    super(UpstreamFailed.kind, {
      ...said,
      said: message,
      detail: `The upstream answered ${upstreamStatus}.`,
      headers: retryAfterMs === undefined ? {} : retryAfter(retryAfterMs),
    });
  }
}

/** A refusal that is not in the upstream's form: a page, as firewalls and proxies show it. Nothing is known of what the upstream would say. */
export class UpstreamBlocked extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-blocked',
    status: 502,
    title: 'Something before the upstream refuses the request',
    meaning:
      'The answer was a web page: a firewall or a proxy between the gateway and the upstream refused this request, and nothing was done. The operator must look at what stands between.',
  };

  constructor(status: number) {
    super(UpstreamBlocked.kind, {
      detail: `The answer was ${status} with a web page, which the upstream does not send: a firewall or a proxy before it refused this request.`,
    });
  }
}

export class UpstreamBodyTooLarge extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-body-too-large',
    status: 413,
    title: 'The body is too large for the upstream',
    meaning: 'The upstream, or what stands before it, takes no body of this length; nothing was done.',
  };

  constructor() {
    super(UpstreamBodyTooLarge.kind, {
      detail: 'The upstream takes no body of this length: send smaller images.',
    });
  }
}

export class UpstreamInvalidResponse extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-invalid-response',
    status: 502,
    title: 'The upstream returned an invalid response',
    meaning: 'The answer was no JSON, too long, or not of the documented shape.',
  };

  constructor(what: string, cause?: unknown) {
    super(UpstreamInvalidResponse.kind, { detail: `The upstream’s answer ${what}.`, cause });
  }
}

export class CredentialsRefused extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-credentials-refused',
    status: 502,
    title: 'The upstream refuses the gateway’s credentials',
    meaning: 'The operator must look at the credentials of the Issuance API application. Your token is fine.',
  };

  constructor(detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    const headers = options.retryAfterMs === undefined ? {} : retryAfter(options.retryAfterMs);
    super(CredentialsRefused.kind, { detail, headers, cause: options.cause });
  }
}

/** The upstream's 401 for what only who sent it can send again, with another auth token where one could be had. */
export class AuthTokenRefused extends CredentialsRefused {
  constructor() {
    super('The upstream refuses a fresh auth token.');
  }
}

export class UpstreamBusy extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-busy',
    status: 503,
    title: 'The upstream takes no more requests now',
    meaning:
      'The upstream asked the gateway to slow down (its 429), or does not authenticate it now; nothing was done.',
  };

  constructor(
    retryAfterMs: number,
    { detail = 'The upstream asked for a pause.', cause }: { detail?: string; cause?: unknown } = {},
  ) {
    super(UpstreamBusy.kind, { detail, headers: retryAfter(retryAfterMs), cause });
  }
}

export class CircuitOpen extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-circuit-open',
    status: 503,
    title: 'Requests to the upstream are paused',
    meaning: 'The upstream failed several times in a row; nothing was sent. Try again after `Retry-After`.',
  };

  constructor(retryAfterMs: number) {
    super(CircuitOpen.kind, {
      detail: 'The upstream failed several times in a row; nothing was sent.',
      headers: retryAfter(retryAfterMs),
    });
  }
}

export class UpstreamTimedOut extends Problem {
  static readonly kind: ProblemKind = {
    name: 'upstream-timed-out',
    status: 504,
    title: 'The upstream took too long',
    meaning: 'No answer came in time. A print or update may have been done all the same.',
  };

  constructor(cause?: unknown) {
    super(UpstreamTimedOut.kind, { detail: 'No answer of the upstream came in time.', cause });
  }
}

/** The upstream refused the authentication itself, or did so just now: of what was to be called with it nothing is known. */
export class AuthenticationRefused extends CredentialsRefused {}

/** Whether the upstream takes the credentials, and refuses this very call. */
export function isCallRefused(error: unknown): boolean {
  return error instanceof CredentialsRefused && !(error instanceof AuthenticationRefused);
}
