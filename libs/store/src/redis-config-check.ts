import { Logger } from '@nestjs/common';
import { withTimeout } from './with-timeout.js';
import type { RedisConnection } from './redis-connection.js';

/** Says in the log where Redis is not set up as safe printing needs it. */
export async function logRedisConfigFaults(
  redis: RedisConnection,
  { minReplicas, commandTimeoutMs }: { minReplicas: number; commandTimeoutMs: number },
): Promise<void> {
  const log = new Logger('Redis');
  try {
    for (const fault of redisConfigFaults(await withTimeout(redis.info(), 2 * commandTimeoutMs), minReplicas))
      log.warn(fault);
  } catch {
    log.warn('INFO is not answered: whether keys are evicted or lost on a restart is not known');
  }
}

/** What `INFO` says, by the name of the field. */
export function infoFields(info: string): ReadonlyMap<string, string | undefined> {
  return new Map(info.split('\r\n').map((line) => line.split(':', 2) as [string, string | undefined]));
}

/** What a look at `INFO` finds: keys of idempotency must be evicted by nothing and survive a restart. */
export function redisConfigFaults(info: string, minReplicas: number): string[] {
  const fields = infoFields(info);
  const faults: string[] = [];
  const policy = fields.get('maxmemory_policy');
  if (policy !== 'noeviction')
    faults.push(
      `maxmemory-policy is ${policy}, not noeviction: a key may be evicted, and its card printed again`,
    );
  if (fields.get('aof_enabled') !== '1')
    faults.push('appendonly is off: after a restart keys are lost, and their cards may be printed again');
  const replicas = Number(fields.get('connected_slaves') ?? 0);
  if (replicas < minReplicas)
    faults.push(
      `${replicas} of REDIS_MIN_REPLICAS=${minReplicas} replicas are there: prints with a key are refused`,
    );
  if (replicas > 0 && minReplicas === 0)
    faults.push(
      'there are replicas, and REDIS_MIN_REPLICAS is 0: a failover may lose a key, and print its card again',
    );
  return faults;
}
