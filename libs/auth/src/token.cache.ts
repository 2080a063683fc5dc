import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuthConfig } from './auth.config.js';
import type { Principal } from './principal.js';
import { TrustedIssuers } from './trusted-issuers.js';

/** So many characters of a token's end, which are of its signature, tell tokens apart: hashing all of it is dear. */
const TAIL_LENGTH = 32;

interface Verified {
  readonly token: string;
  readonly principal: Principal;
  /** Until when it counts, in milliseconds since the epoch. */
  readonly untilMs: number;
}

/**
 * What was found out about each very token, so that its signature is checked once and not on every request. Bounded, the oldest
 * goes first; an entry ends with its token; all end when an issuer, its keys or the policy change. A look changes nothing: to
 * keep the order of use would cost more memory accesses than all the rest of it.
 */
@Injectable()
export class TokenCache {
  private readonly verified: LRUCache<string, Verified>;
  /** Apart, so that nobody can push verified tokens out with forged ones; by digest, for they may be long. */
  private readonly refused: LRUCache<string, true>;
  private readonly toleranceMs: number;
  private version: number;

  constructor(
    config: AuthConfig,
    private readonly issuers: TrustedIssuers,
  ) {
    this.verified = new LRUCache({ max: config.tokenCacheEntries });
    this.refused = new LRUCache({ max: config.tokenCacheEntries });
    this.toleranceMs = config.clockToleranceSeconds * 1000;
    this.version = issuers.version;
  }

  /** Whose token it is, when its signature was checked before and it has not ended. */
  find(token: string): Principal | undefined {
    this.forgetOutdated();
    const tail = token.slice(-TAIL_LENGTH);
    const known = this.verified.peek(tail);
    if (known?.token !== token) return undefined;
    if (known.untilMs > Date.now()) return known.principal;
    this.verified.delete(tail);
    return undefined;
  }

  /** Whether its signature was checked before, and did not hold. */
  isRefused(token: string): boolean {
    this.forgetOutdated();
    return this.refused.has(digestOf(token));
  }

  /**
   * `version` is that of the issuers when the check began: what was found out under an older one is not kept. It counts until the token
   * ends, or until `boundMs` where that is earlier.
   */
  remember(token: string, principal: Principal, version: number, boundMs = Infinity): void {
    if (version !== this.issuers.version) return;
    const untilMs = Math.min(boundMs, principal.expiresAtMs + this.toleranceMs);
    this.verified.set(token.slice(-TAIL_LENGTH), { token, principal, untilMs });
  }

  /** Like `remember`, for a signature that does not hold. */
  refuse(token: string, version: number): void {
    if (version === this.issuers.version) this.refused.set(digestOf(token), true);
  }

  private forgetOutdated(): void {
    if (this.version === this.issuers.version) return;
    this.verified.clear();
    this.refused.clear();
    this.version = this.issuers.version;
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
