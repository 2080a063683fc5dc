import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import jsonwebtoken from 'jsonwebtoken';
import { Problem } from '#libs/problem';
import { readAccessToken } from './access-token.js';
import { AuthConfig } from './auth.config.js';
import { InvalidToken } from './auth.problems.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { presentedToken } from './bearer-token.js';
import { readPrincipal } from './claims.reader.js';
import type { Principal } from './principal.js';
import { SignatureChecks } from './signature-checks.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { trustedIssuerOf } from './verification-key.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

class BadSignature extends InvalidToken {
  constructor() {
    super('the signature of the token does not hold');
  }
}

/** Puts the caller on the request, or answers 401 (bad token) or 503 (keys of its issuer cannot be had). */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly tokens: VerifiedTokenCache,
    private readonly checks: SignatureChecks,
    private readonly issuers: TrustedIssuers,
    private readonly config: AuthConfig,
  ) {
    super({ session: false, property: 'principal' });
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const token = presentedToken(request);
    const known = this.tokens.find(token);
    if (!known) return this.check(context, request, token);
    request.principal = known;
    return true;
  }

  /** Called by Passport with what the strategy found. */
  override handleRequest<TUser>(error: unknown, principal: TUser | false, info: unknown): TUser {
    if (principal) return principal;
    throw asProblem(error ?? info);
  }

  /** What can be refused for what the token says is refused before its signature costs anything. */
  private async check(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<boolean> {
    const accessToken = readAccessToken(token, this.config.maxTokenBytes);
    const { issuer, keys } = trustedIssuerOf(this.issuers, accessToken);
    readPrincipal(accessToken, issuer, this.config);
    request.accessToken = accessToken;
    const holds = await this.checks.run(token, keys, () => this.verify(context, request));
    if (!holds) throw new BadSignature();
    request.principal = holds;
    return true;
  }

  /** Undefined when the signature does not hold. */
  private async verify(
    context: ExecutionContext,
    request: AuthenticatedRequest,
  ): Promise<Principal | undefined> {
    try {
      await super.canActivate(context);
      return request.principal;
    } catch (error) {
      if (error instanceof BadSignature) return undefined;
      throw error;
    }
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof jsonwebtoken.TokenExpiredError) return new InvalidToken('the token has expired');
  if (error instanceof jsonwebtoken.NotBeforeError) return new InvalidToken('the token is not valid yet');
  return error instanceof jsonwebtoken.JsonWebTokenError ? new BadSignature() : error;
}
