import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

/** Why a token is refused, for logs and metrics. */
export type TokenFault =
  | 'malformed'
  | 'not-access-token'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'algorithm'
  | 'unknown-key'
  | 'signature'
  | 'sender'
  | 'inactive'
  | 'expired'
  | 'not-yet-valid';

export class InvalidToken extends Problem {
  static readonly kind: ProblemKind = {
    name: 'invalid-token',
    status: 401,
    title: 'The access token is missing or not valid',
    meaning:
      'Get a fresh access token from your identity provider; `detail` says what is wrong with this one.',
  };

  /** `detail` says it in words, to the caller too. */
  constructor(fault: TokenFault, detail: string) {
    super(InvalidToken.kind, { detail, reason: fault, challenge: { error: 'invalid_token' } });
  }
}

/** Nobody said who is calling: the challenge then names no error (RFC 6750 §3.1). */
export class MissingToken extends Problem {
  static readonly kind = InvalidToken.kind;

  constructor() {
    super(MissingToken.kind, {
      detail: 'Send an access token as Authorization: Bearer <token>.',
      reason: 'missing',
      challenge: {},
    });
  }
}

export class IssuerKeysUnavailable extends Problem {
  static readonly kind: ProblemKind = {
    name: 'issuer-keys-unavailable',
    status: 503,
    title: 'The keys of the identity provider cannot be fetched',
    meaning:
      'Your token could not be checked; it was not refused. Keep it and try again after `Retry-After`.',
  };

  constructor(retryAfterMs: number, cause?: unknown) {
    super(IssuerKeysUnavailable.kind, {
      detail: 'The token could not be checked now; it was not refused.',
      headers: retryAfter(retryAfterMs),
      cause,
    });
  }
}

export class IntrospectionUnavailable extends Problem {
  static readonly kind: ProblemKind = {
    name: 'introspection-unavailable',
    status: 503,
    title: 'The identity provider cannot be asked about the token',
    meaning:
      'Your token could not be checked; it was not refused. Keep it and try again after `Retry-After`.',
  };

  constructor(retryAfterMs: number, cause?: unknown) {
    super(IntrospectionUnavailable.kind, {
      detail: 'The token could not be checked now; it was not refused.',
      headers: retryAfter(retryAfterMs),
      cause,
    });
  }
}

/** Algorithms of DPoP proofs: asymmetric ones alone (RFC 9449 §4.2). */
export const DPOP_ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA', 'Ed25519'];

export class SenderNotProven extends Problem {
  static readonly kind: ProblemKind = {
    name: 'sender-not-proven',
    status: 401,
    title: 'It is not proven that the access token is yours',
    meaning:
      'The token is bound to a key or a certificate. Send it with a DPoP proof (RFC 9449) and the nonce of `DPoP-Nonce`, or over the connection with your certificate; `detail` says what is missing.',
  };

  constructor(
    error: 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce',
    detail: string,
    headers: Readonly<Record<string, string>> = {},
    scheme: 'Bearer' | 'DPoP' = 'DPoP',
  ) {
    const algs = scheme === 'DPoP' ? { algs: DPOP_ALGORITHMS.join(' ') } : {};
    const reason = error.replaceAll('_', '-');
    super(SenderNotProven.kind, { detail, headers, reason, challenge: { scheme, error, ...algs } });
  }
}
