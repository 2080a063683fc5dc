import { createPublicKey, createSecretKey } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '#libs/telemetry';
import { AuthConfig } from './auth.config.js';
import { FileIssuerKeys } from './file-issuer-keys.js';
import { IssuerKeysLog } from './issuer-keys-log.js';
import { IssuerClient } from './issuer-client.js';
import type { IssuerKeys } from './issuer-keys.js';
import { fetchKeySet } from './key-set-fetch.js';
import type { KeyTimes } from './key-times.js';
import { NoIssuerKeys } from './no-issuer-keys.js';
import { RemoteIssuerKeys } from './remote-issuer-keys.js';
import type { KeySource, RemoteKeySource, TrustedIssuer } from './trusted-issuer.js';

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
export class TrustedIssuers implements OnApplicationShutdown {
  private trusted: ReadonlyMap<string, Trusted> = new Map();
  private introspectors: readonly TrustedIssuer[] = [];
  private keysBySource: ReadonlyMap<string, IssuerKeys> = new Map();
  private changes = 0;
  private readonly times: KeyTimes;

  constructor(
    config: AuthConfig,
    private readonly client: IssuerClient,
    metrics: Metrics,
  ) {
    this.times = {
      refreshMs: config.keysRefreshMs,
      minRefreshMs: config.keysMinRefreshMs,
      maxRefreshMs: config.keysMaxRefreshMs,
      maxAgeMs: config.keysMaxAgeMs,
      cooldownMs: config.keysCooldownMs,
      retryMs: config.keysRetryMs,
      timeoutMs: config.keysTimeoutMs,
    };
    const help = 'Seconds since the keys of the issuer were last fetched.';
    metrics.gauges('issuer_keys_age_seconds', help, 'issuer', () => this.keyAges());
  }

  get version(): number {
    return this.changes;
  }

  /** The issuer with exactly this identifier, and its keys. */
  find(identifier: string): Trusted | undefined {
    return this.trusted.get(identifier);
  }

  /** The issuer that is asked about a token which only it can read, by how it begins; one alone is asked about each token. */
  introspectorOf(token: string): TrustedIssuer | undefined {
    return this.introspectors.find(({ introspection }) => token.startsWith(introspection?.tokenPrefix ?? ''));
  }

  /** Keeps the fetched keys of an issuer whose source of keys is the same as before. */
  replace(issuers: readonly TrustedIssuer[]): void {
    const before = this.keysBySource;
    const known = new Map<string, IssuerKeys>();
    this.trusted = new Map(
      issuers.map((issuer) => [issuer.issuer, { issuer, keys: this.keysFor(issuer, known) }]),
    );
    this.keysBySource = known;
    this.introspectors = introspectorsAmong(issuers);
    this.changes += 1;
    for (const [source, keys] of before) if (!known.has(source)) keys.stop();
  }

  onApplicationShutdown(): void {
    for (const keys of this.keysBySource.values()) keys.stop();
  }

  /** Those it had, or that another issuer of its template has, where they come from the same source. */
  private keysFor(
    { issuer, isOfTemplate, keySource }: TrustedIssuer,
    known: Map<string, IssuerKeys>,
  ): IssuerKeys {
    const source = JSON.stringify([isOfTemplate ? '' : issuer, keySource]);
    const keys = known.get(source) ?? this.keysBySource.get(source) ?? this.newKeys(issuer, keySource);
    known.set(source, keys);
    return keys;
  }

  private newKeys(issuer: string, source: KeySource): IssuerKeys {
    switch (source.kind) {
      case 'public-key':
        return new FileIssuerKeys(createPublicKey(source.pem));
      case 'introspection':
        return new NoIssuerKeys();
      case 'secret':
        return new FileIssuerKeys(createSecretKey(source.secret));
      default:
        return this.remoteKeys(issuer, source);
    }
  }

  private remoteKeys(issuer: string, source: RemoteKeySource): IssuerKeys {
    const now = () => performance.now();
    return new RemoteIssuerKeys({
      fetch: (signal) => fetchKeySet(source, this.client.ask, signal),
      changed: () => (this.changes += 1),
      log: new IssuerKeysLog(issuer, now),
      now,
      times: this.times,
    }).start();
  }

  private *keyAges(): Iterable<[string, number]> {
    for (const [issuer, { keys }] of this.trusted)
      if (keys instanceof RemoteIssuerKeys) yield [issuer, keys.ageMs / 1000];
  }
}

/** Those with the longest prefix come first. */
function introspectorsAmong(issuers: readonly TrustedIssuer[]): TrustedIssuer[] {
  const prefixLength = ({ introspection }: TrustedIssuer) => introspection?.tokenPrefix.length ?? 0;
  return issuers
    .filter(({ introspection }) => introspection !== undefined)
    .sort((one, other) => prefixLength(other) - prefixLength(one));
}
