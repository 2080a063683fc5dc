import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

export class InvalidToken extends Problem {
  static readonly kind: ProblemKind = {
    name: 'invalid-token',
    status: 401,
    title: 'The access token is missing or not valid',
    meaning:
      'Get a fresh access token from your identity provider; `detail` says what is wrong with this one.',
  };

  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    const challenge = `Bearer error="invalid_token", error_description="${reason}"`;
    super(InvalidToken.kind, { detail: reason, headers: { 'www-authenticate': challenge }, cause });
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
