import { integer, Setting, text } from '#libs/config';
import { tlsFilesConfig } from '#libs/network';
import { redisUrl, type RedisTarget } from './redis-target.js';

export class StoreConfig {
  @Setting({
    name: 'REDIS_URL',
    kind: redisUrl,
    meaning: 'where the shared state is; without it each gateway keeps its own, which suits one process only',
  })
  readonly redis?: RedisTarget;

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
}

/** The certificates with which Redis is reached (`rediss://`). */
export class RedisTlsConfig extends tlsFilesConfig('REDIS', 'Redis') {}
