import { createPublicKey, createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from './auth.config.js';
import { FileIssuerKeys } from './file-issuer-keys.js';
import type { IssuerKeys } from './issuer-keys.js';
import { fetchKeySet } from './jwks-fetch.js';
import { RemoteIssuerKeys } from './remote-issuer-keys.js';
import type { KeySource, TrustedIssuer } from './trusted-issuer.js';

interface Trusted {
  readonly issuer: TrustedIssuer;
  readonly keys: IssuerKeys;
}

/**
 * Whose access tokens are accepted. The policy fills it and replaces it at run time; `version` changes with
 * every replacement and every change of an issuer's keys, and whatever was verified under another version is
 * verified again.
 */
@Injectable()
export class TrustedIssuers {
  private trusted: ReadonlyMap<string, Trusted> = new Map();
  private changes = 0;

  constructor(private readonly config: AuthConfig) {}

  get version(): number {
    return this.changes;
  }

  /** The issuer with exactly this identifier, and its keys. */
  find(identifier: string): Trusted | undefined {
    return this.trusted.get(identifier);
  }

  /** Keeps the fetched keys of an issuer whose source of keys is the same as before. */
  replace(issuers: readonly TrustedIssuer[]): void {
    this.trusted = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: this.keysFor(issuer) }]));
    this.changes += 1;
  }

  private keysFor({ issuer, keySource }: TrustedIssuer): IssuerKeys {
    const before = this.trusted.get(issuer);
    const isSame = before && JSON.stringify(before.issuer.keySource) === JSON.stringify(keySource);
    return isSame ? before.keys : this.newKeys(keySource);
  }

  private newKeys(source: KeySource): IssuerKeys {
    switch (source.kind) {
      case 'public-key':
        return new FileIssuerKeys(createPublicKey(source.pem));
      case 'secret':
        return new FileIssuerKeys(createSecretKey(source.secret));
      default:
        return new RemoteIssuerKeys({
          fetch: () => fetchKeySet(source, this.config.keysTimeoutMs),
          changed: () => (this.changes += 1),
          now: () => performance.now(),
          cooldownMs: this.config.keysCooldownMs,
          retryMs: this.config.keysRetryMs,
          refreshMs: this.config.keysRefreshMs,
        });
    }
  }
}
