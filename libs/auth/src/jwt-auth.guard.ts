import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import jsonwebtoken from 'jsonwebtoken';
import { Problem } from '#libs/problem';
import { readAccessToken } from './access-token.js';
import { AuthConfig } from './auth.config.js';
import { InvalidToken } from './auth.problems.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { bearerToken } from './bearer-token.js';
import type { Principal } from './principal.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { trustedIssuerOf } from './verification-key.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

class BadSignature extends InvalidToken {}

/** Puts the caller on the request, or answers 401 (bad token) or 503 (keys of its issuer cannot be had). */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly tokens: VerifiedTokenCache,
    private readonly issuers: TrustedIssuers,
    private readonly config: AuthConfig,
  ) {
    super({ session: false, property: 'principal' });
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = bearerToken(request);
    if (token === null) throw new InvalidToken('send an access token as Authorization: Bearer <token>');
    const known = this.tokens.find(token);
    if (!known) return this.verify(context, request, token);
    request.principal = known;
    return true;
  }

  /** Called by Passport with what the strategy found. */
  override handleRequest<TUser>(error: unknown, principal: TUser | false, info: unknown): TUser {
    if (principal) return principal;
    throw asProblem(error ?? info);
  }

  private async verify(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<boolean> {
    try {
      return await this.verifyOnce(context, request, token);
    } catch (error) {
      // A provider may put another key under the same key id: one fresh look, if the cooldown allows it.
      if (!(error instanceof BadSignature) || !(await this.keysRenewed(token))) throw error;
      return this.verifyOnce(context, request, token);
    }
  }

  private async verifyOnce(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<boolean> {
    const { version } = this.issuers;
    await super.canActivate(context);
    this.tokens.remember(token, request.principal as Principal, version);
    return true;
  }

  private keysRenewed(token: string): Promise<boolean> {
    const { keys } = trustedIssuerOf(this.issuers, readAccessToken(token, this.config.maxTokenBytes));
    return keys.renewedAfterBadSignature();
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof jsonwebtoken.TokenExpiredError) return new InvalidToken('the token has expired');
  if (error instanceof jsonwebtoken.NotBeforeError) return new InvalidToken('the token is not valid yet');
  if (error instanceof jsonwebtoken.JsonWebTokenError)
    return new BadSignature('the signature of the token does not hold');
  return error;
}
