import type { SecureContext } from 'node:tls';
import { integer, oneOf, secret, Setting, text, type CrossChecked, type Secret } from '#libs/config';
import { tlsFilesConfig } from '#libs/network';
import { redisUrl, type RedisTarget } from './redis-url.js';

export class StoreConfig implements CrossChecked {
  @Setting({
    name: 'REDIS_URL',
    kind: redisUrl,
    meaning: 'where the shared state is; without it each gateway keeps its own, which suits one process only',
  })
  readonly redis?: RedisTarget;

  @Setting({
    name: 'REDIS_SENTINEL_USERNAME',
    kind: text,
    meaning: 'user at the sentinels of redis+sentinel://, where they have users of their own',
  })
  readonly sentinelUsername?: string;

  @Setting({
    name: 'REDIS_SENTINEL_PASSWORD',
    kind: secret,
    meaning: 'password at the sentinels; that of REDIS_URL is for the servers behind them',
  })
  readonly sentinelPassword?: Secret;

  @Setting({
    name: 'REDIS_SENTINEL_TLS',
    kind: oneOf('on', 'off'),
    meaning: 'whether the sentinels are spoken to over TLS; left out: as the servers behind them are',
  })
  readonly sentinelTls?: 'on' | 'off';

  @Setting({
    name: 'REDIS_KEY_PREFIX',
    kind: text,
    default: 'print-gateway:',
    meaning: 'what every key and channel begins with; change it to share one Redis between installations',
  })
  readonly keyPrefix!: string;

  @Setting({
    name: 'REDIS_COMMAND_TIMEOUT_MS',
    kind: integer(10, 60_000),
    default: '250',
    meaning: 'how long a command may take before Redis counts as away',
  })
  readonly commandTimeoutMs!: number;

  @Setting({
    name: 'REDIS_MIN_REPLICAS',
    kind: integer(0, 100),
    default: '0',
    meaning:
      'how many replicas must hold the mark of a print before it is sent; with replicas, set at least 1, or a failover can print twice',
  })
  readonly minReplicas!: number;

  @Setting({
    name: 'REDIS_REPLICAS_TIMEOUT_MS',
    kind: integer(10, 60_000),
    default: '500',
    meaning: 'how long they may take before the print is refused with 503',
  })
  readonly replicasTimeoutMs!: number;

  @Setting({
    name: 'MEMORY_STORE_ENTRIES',
    kind: integer(100, 100_000_000),
    default: '100000',
    meaning:
      'how many entries are kept without Redis of what may be lost, such as cached answers: the oldest go first; and how many of what may not, such as keys, jobs and quotas: beyond it nothing is printed (503)',
  })
  readonly memoryEntries!: number;

  faults(): string[] {
    const given = {
      REDIS_SENTINEL_USERNAME: this.sentinelUsername,
      REDIS_SENTINEL_PASSWORD: this.sentinelPassword,
      REDIS_SENTINEL_TLS: this.sentinelTls,
    };
    if (this.redis?.form === 'sentinel') return [];
    const idle = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    return idle.map((name) => `${name} is set, and REDIS_URL names no sentinels (redis+sentinel://)`);
  }
}

/** What `REDIS_URL` names, with what the other settings say of the way to it; undefined where it is not set. */
export function redisTarget(
  config: StoreConfig,
  secureContext: () => SecureContext | undefined,
): RedisTarget | undefined {
  const { redis, sentinelUsername: username, sentinelPassword: password, sentinelTls } = config;
  if (!redis) return undefined;
  // Who speaks for the sentinels chooses the server.
  const usesTls = sentinelTls === undefined ? redis.usesTls : sentinelTls === 'on';
  return { ...redis, secureContext, sentinel: { username, password, usesTls } };
}

/** The certificates with which Redis is reached (`rediss://`). */
export class RedisTlsConfig extends tlsFilesConfig('REDIS', 'Redis') {}
