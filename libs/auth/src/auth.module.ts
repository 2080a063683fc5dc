import { Module } from '@nestjs/common';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { SignatureChecks } from './signature-checks.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

@Module({
  providers: [TrustedIssuers, VerifiedTokenCache, SignatureChecks, JwtStrategy, JwtAuthGuard],
  exports: [TrustedIssuers, VerifiedTokenCache, JwtAuthGuard],
})
export class AuthModule {}
