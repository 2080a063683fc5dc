import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuthConfig } from './auth.config.js';
import type { Principal } from './principal.js';
import { TrustedIssuers } from './trusted-issuers.js';

/**
 * Callers by the very token that was verified, so that a token is checked once and not on every request.
 * Bounded; an entry ends with its token; all end when an issuer, its keys or the policy change.
 */
@Injectable()
export class VerifiedTokenCache {
  private readonly principals: LRUCache<string, Principal>;
  private version: number;

  constructor(
    config: AuthConfig,
    private readonly issuers: TrustedIssuers,
  ) {
    this.principals = new LRUCache({ max: config.tokenCacheEntries });
    this.version = issuers.version;
  }

  find(token: string): Principal | undefined {
    if (this.version !== this.issuers.version) this.forgetAll();
    const principal = this.principals.get(token);
    if (!principal || principal.expiresAtMs > Date.now()) return principal;
    this.principals.delete(token);
    return undefined;
  }

  /** `version` is that of the issuers when the check began: what was verified under an older one is not kept. */
  remember(token: string, principal: Principal, version: number): void {
    if (version === this.issuers.version) this.principals.set(token, principal);
  }

  private forgetAll(): void {
    this.principals.clear();
    this.version = this.issuers.version;
  }
}
