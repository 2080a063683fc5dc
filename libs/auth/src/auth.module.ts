import { Module } from '@nestjs/common';
import { IssuerClient } from './issuer-client.js';
import { JwtStrategy } from './jwt.strategy.js';
import { TokenVerifier } from './token-verifier.js';
import { TokenAuthenticator } from './token-authenticator.js';
import { TokenIntrospection } from './token-introspection.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { TokenCache } from './token.cache.js';

@Module({
  providers: [
    IssuerClient,
    TrustedIssuers,
    TokenCache,
    TokenVerifier,
    JwtStrategy,
    TokenIntrospection,
    TokenAuthenticator,
  ],
  exports: [TrustedIssuers, TokenCache, TokenAuthenticator],
})
export class AuthModule {}
