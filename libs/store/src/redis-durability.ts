import { withTimeout } from './with-timeout.js';
import { readOutcome, type CommitReply } from './redis-change.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisErrorLog } from './redis-error-log.js';
import { SCRIPTS } from './redis-scripts.js';
import type { RedisTarget } from './redis-url.js';
import type { Outcome } from './store.js';
import { StoreUnavailable } from './store.problems.js';

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
    errors: RedisErrorLog,
  ) {
    if (options.minReplicas === 0) return;
    this.redis = connectRedis(target, options.commandTimeoutMs + options.replicasTimeoutMs);
    this.redis.on('error', (error: Error) => errors.saw(error));
  }

  /** Throws `StoreUnavailable` when too few replicas hold the change in time; it may stand all the same. */
  async commit(keys: readonly string[], plan: string): Promise<Outcome> {
    const { minReplicas, replicasTimeoutMs, commandTimeoutMs } = this.options;
    if (!this.redis) throw new StoreUnavailable();
    // In one pipeline, so that in a cluster both go to the server that has the keys. Not by its hash: a server that does not know it would be
    // sent it behind the WAIT, which would then not be about it.
    const pipeline = this.redis
      .pipeline()
      .eval(SCRIPTS.commit.lua, keys.length, ...keys, plan)
      .wait(minReplicas, replicasTimeoutMs);
    const replies = await withTimeout(pipeline.exec(), 2 * (commandTimeoutMs + replicasTimeoutMs)).catch(
      (error: unknown) => [[error as Error, undefined]],
    );
    const fault = replies?.find(([error]) => error)?.[0];
    if (!replies || fault) throw new StoreUnavailable(fault);
    const [reply, replicas] = replies.map(([, each]) => each) as [CommitReply, number];
    const outcome = readOutcome(reply);
    if (outcome.isDone && replicas < minReplicas)
      throw new StoreUnavailable(new Error(`${replicas} of ${minReplicas} replicas hold the write`));
    return outcome;
  }

  close(): void {
    this.redis?.disconnect();
  }
}
