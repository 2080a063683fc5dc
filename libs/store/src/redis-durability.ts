import { inTime } from './in-time.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import { scriptOf, STEPS } from './redis-steps.js';
import type { RedisTarget } from './redis-target.js';
import { StoreUnavailable } from './store.problems.js';

const STEP = 'compareAndSet';
const SCRIPT = scriptOf(STEP);

interface DurabilityOptions {
  readonly minReplicas: number;
  readonly replicasTimeoutMs: number;
  readonly commandTimeoutMs: number;
}

/**
 * Writes that must survive a failover. An acknowledged write can be lost with the server that acknowledged it (Redis,
 * `WAIT`): here a write counts only when enough replicas have it. On a connection of its own, because `WAIT` holds up
 * whatever stands behind it; opened only where replicas are asked for.
 */
export class RedisDurability {
  private readonly redis: RedisConnection | undefined;

  constructor(
    target: RedisTarget,
    private readonly options: DurabilityOptions,
  ) {
    if (options.minReplicas === 0) return;
    this.redis = connectRedis(target, options.commandTimeoutMs + options.replicasTimeoutMs);
    this.redis.on('error', () => {});
  }

  async compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    const { minReplicas, replicasTimeoutMs, commandTimeoutMs } = this.options;
    if (!this.redis) throw new StoreUnavailable();
    // In one pipeline, so that in a cluster both go to the server that has the key.
    const pipeline = this.redis
      .pipeline()
      .eval(SCRIPT, 1, key, STEP, expected, value, ttlMs)
      .wait(minReplicas, replicasTimeoutMs);
    const replies = await inTime(pipeline.exec(), 2 * (commandTimeoutMs + replicasTimeoutMs)).catch(
      (error: unknown) => [[error as Error, undefined]],
    );
    const fault = replies?.find(([error]) => error)?.[0];
    if (!replies || fault) throw new StoreUnavailable(fault);
    const [[set], replicas] = replies.map(([, reply]) => reply) as [[number | Error], number];
    if (set instanceof Error) throw new StoreUnavailable(set);
    const isSet = STEPS[STEP].read(set);
    if (isSet && replicas < minReplicas)
      throw new StoreUnavailable(new Error(`${replicas} of ${minReplicas} replicas hold the write`));
    return isSet;
  }

  close(): void {
    this.redis?.disconnect();
  }
}
