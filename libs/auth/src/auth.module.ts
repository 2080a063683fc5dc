import { Module } from '@nestjs/common';
import { IssuerClient } from './issuer-client.js';
import { JwtStrategy } from './jwt.strategy.js';
import { SignatureChecks } from './signature-checks.js';
import { TokenAuthenticator } from './token-authenticator.js';
import { TokenIntrospection } from './token-introspection.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

@Module({
  providers: [
    IssuerClient,
    TrustedIssuers,
    VerifiedTokenCache,
    SignatureChecks,
    JwtStrategy,
    TokenIntrospection,
    TokenAuthenticator,
  ],
  exports: [TrustedIssuers, VerifiedTokenCache, TokenAuthenticator],
})
export class AuthModule {}
