import { FilesConfig, integer, Setting, type CrossChecked, type SettingsClass } from '#libs/config';
import { ProxyConfig, tlsFilesConfig } from '#libs/network';

export class AuthConfig implements CrossChecked {
  @Setting({
    name: 'AUTH_CLOCK_TOLERANCE_SECONDS',
    kind: integer(0, 300),
    default: '5',
    meaning: 'how far the clock of an identity provider may be off when `exp`, `nbf` and `iat` are read',
  })
  readonly clockToleranceSeconds!: number;

  @Setting({
    name: 'AUTH_MAX_TOKEN_BYTES',
    kind: integer(512, 131_072),
    default: '16384',
    meaning: 'longer access tokens are refused (431) before anything is done with them',
  })
  readonly maxTokenBytes!: number;

  @Setting({
    name: 'AUTH_TOKEN_CACHE_ENTRIES',
    kind: integer(1, 1_000_000),
    default: '20000',
    meaning: 'how many verified access tokens are remembered',
  })
  readonly tokenCacheEntries!: number;

  @Setting({
    name: 'AUTH_KEYS_COOLDOWN_MS',
    kind: integer(100, 30_000),
    default: '30000',
    meaning:
      'the shortest time between two fetches of an issuer’s keys that unknown or re-used key ids cause',
  })
  readonly keysCooldownMs!: number;

  @Setting({
    name: 'AUTH_KEYS_RETRY_MS',
    kind: integer(50, 30_000),
    default: '2000',
    meaning: 'the shortest time before keys are fetched again after a fetch that failed',
  })
  readonly keysRetryMs!: number;

  @Setting({
    name: 'AUTH_KEYS_REFRESH_MS',
    kind: integer(1_000, 86_400_000),
    default: '300000',
    meaning:
      'the age at which an issuer’s keys are fetched again, in milliseconds, where its answer has no `max-age`; so long a key that it takes back can still be used',
  })
  readonly keysRefreshMs!: number;

  @Setting({
    name: 'AUTH_KEYS_MIN_REFRESH_MS',
    kind: integer(1_000, 86_400_000),
    default: '60000',
    meaning: 'the same for an answer with a `max-age` that is shorter than this',
  })
  readonly keysMinRefreshMs!: number;

  @Setting({
    name: 'AUTH_KEYS_MAX_REFRESH_MS',
    kind: integer(1_000, 86_400_000),
    default: '900000',
    meaning: 'the same for an answer with a `max-age` that is longer than this',
  })
  readonly keysMaxRefreshMs!: number;

  @Setting({
    name: 'AUTH_KEYS_MAX_AGE_MS',
    kind: integer(1_000, 604_800_000),
    default: '86400000',
    meaning:
      'how long the last keys serve while they cannot be fetched, in milliseconds; then tokens of the issuer are answered 503',
  })
  readonly keysMaxAgeMs!: number;

  @Setting({
    name: 'AUTH_KEYS_TIMEOUT_MS',
    kind: integer(100, 60_000),
    default: '5000',
    meaning: 'how long a fetch of an issuer’s keys may take',
  })
  readonly keysTimeoutMs!: number;

  @Setting({
    name: 'AUTH_INTROSPECTION_CACHE_MS',
    kind: integer(1, 3_600_000),
    default: '60000',
    meaning:
      'how long an issuer’s word that a token is active counts, in milliseconds, and no longer than the token; so long a revoked one can still be used',
  })
  readonly introspectionCacheMs!: number;

  @Setting({
    name: 'AUTH_INTROSPECTION_REFUSED_MS',
    kind: integer(1, 60_000),
    default: '5000',
    meaning: 'the same for its word that a token is not',
  })
  readonly introspectionRefusedMs!: number;

  @Setting({
    name: 'AUTH_INTROSPECTION_PARALLEL',
    kind: integer(1, 1_000),
    default: '50',
    meaning: 'how many tokens an issuer is asked about at the same time; what goes beyond it is answered 503',
  })
  readonly introspectionParallel!: number;

  @Setting({
    name: 'AUTH_INTROSPECTION_TIMEOUT_MS',
    kind: integer(100, 60_000),
    default: '5000',
    meaning: 'how long an issuer may take to answer what is asked about a token',
  })
  readonly introspectionTimeoutMs!: number;

  faults(): string[] {
    const { keysMinRefreshMs, keysMaxRefreshMs } = this;
    return keysMinRefreshMs <= keysMaxRefreshMs
      ? []
      : ['AUTH_KEYS_MIN_REFRESH_MS must not be more than AUTH_KEYS_MAX_REFRESH_MS'];
  }
}

/** The certificates with which identity providers are reached. */
export class AuthTlsConfig extends tlsFilesConfig('AUTH', 'identity providers') {}

/** All settings that `AuthModule` needs, its own and those of the ways to the issuers. */
export const AUTH_SETTINGS: readonly SettingsClass[] = [AuthConfig, AuthTlsConfig, ProxyConfig, FilesConfig];
