import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { AuthConfig } from './auth.config.js';
import { bearerToken, type AuthorizedRequest } from './bearer-token.js';
import type { Principal } from './principal.js';

/** passport-jwt's type knows no KeyObject; `jsonwebtoken` below it takes one, and then checks its type. */
type KeyCallback = (error: unknown, key?: never) => void;

/** What passport is asked about: the header that the token stands in, whose it is if its signature holds, and the key to hold it against. */
export interface CheckedRequest extends AuthorizedRequest {
  readonly principal: Principal;
  readonly key: KeyObject;
}

/** What any issuer may use; each issuer's own list narrows it. `none` is not among them. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'HS256', 'HS384', 'HS512'],
] as const;

/**
 * passport-jwt, with a key of the very issuer that the token names, and with the checks around it that the
 * library leaves out: strict form before (`access-token.ts`), strict claims (`claims.reader.ts`).
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(config: AuthConfig) {
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: ({ key }: CheckedRequest, _token: string, done: KeyCallback) =>
        done(null, key as never),
      algorithms: [...ALGORITHMS],
      ...withClockTolerance(config.clockToleranceSeconds),
      passReqToCallback: true,
    });
  }

  /** Called with a token whose signature, `exp` and `nbf` hold. */
  validate({ principal }: CheckedRequest): Principal {
    return principal;
  }
}

/** The only way to a tolerance; passport-jwt's types call the member deprecated, its code does not. */
function withClockTolerance(seconds: number) {
  return { jsonWebTokenOptions: { clockTolerance: seconds } };
}
