import { randomUUID } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import { withTimeout } from './with-timeout.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import { infoFields, redisConfigFaults } from './redis-config-check.js';
import { commandsToTry, TTL_MS } from './redis-probe-commands.js';
import { slotOf } from './redis-slot.js';
import type { RedisTarget } from './redis-url.js';

const PINGS = 5;
/** Of the commands that a gateway sends, `ZRANGE … BYSCORE` came last (Redis 6.2). */
const LEAST_VERSION = [6, 2] as const;

interface ProbeOptions {
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly minReplicas: number;
  readonly replicasTimeoutMs: number;
}

interface Server {
  readonly version: string;
  readonly isTooOld: boolean;
  /** Where it is not set up as safe printing needs it, in words. */
  readonly faults: readonly string[];
}

/** An operation, and what it was refused with. */
interface Refusal {
  readonly step: string;
  readonly error: unknown;
}

/**
 * Tries out a Redis as a gateway uses it, with the gateway's own commands, for somebody who looks whether an installation is sound. It
 * writes a few keys behind the prefix, which are gone after ten seconds, and reads none but these.
 */
export class RedisProbe {
  private readonly name: string;

  private constructor(
    private readonly target: RedisTarget,
    private readonly redis: RedisConnection,
    private readonly options: ProbeOptions,
  ) {
    const { keyPrefix } = options;
    this.name = `${target.form === 'cluster' ? `{${keyPrefix}}` : keyPrefix}doctor:${randomUUID()}`;
  }

  /** Rejects with the first error of the connection, or when it is not open by the signal. */
  static async open(target: RedisTarget, options: ProbeOptions, signal: AbortSignal): Promise<RedisProbe> {
    const timeoutMs = options.commandTimeoutMs + options.replicasTimeoutMs;
    const redis = await opened(connectRedis(target, timeoutMs), signal);
    return new RedisProbe(target, redis, options);
  }

  /** How long a command takes, there and back: the median of a few, in milliseconds. */
  async roundTripMs(): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < PINGS; i += 1) {
      const beganAtMs = performance.now();
      await this.redis.ping();
      times.push(performance.now() - beganAtMs);
    }
    return times.sort((a, b) => a - b)[PINGS >> 1] as number;
  }

  /** What the server says of itself that has the keys. */
  async server(): Promise<Server> {
    const info = await this.holder().info();
    const version = infoFields(info).get('redis_version') ?? 'unknown';
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isTooOld = major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1]);
    return { version, isTooOld, faults: redisConfigFaults(info, this.options.minReplicas) };
  }

  /** Which of the commands of a gateway are refused, and with what error. */
  async refusals(): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (const [step, send] of Object.entries(commandsToTry(this.redis, this.name)))
      await withTimeout(send(), 2 * this.options.commandTimeoutMs).catch(
        (error: unknown) => void refusals.push({ step, error }),
      );
    return refusals;
  }

  /** Rejects unless what is published on a channel behind the prefix is heard. */
  async requireChannels(signal: AbortSignal): Promise<void> {
    const { commandTimeoutMs } = this.options;
    const subscriber = await opened(connectRedis(this.target, commandTimeoutMs), signal);
    try {
      const heard = new Promise((resolve) => subscriber.once('message', resolve));
      await subscriber.subscribe(this.name);
      await this.redis.publish(this.name, 'heard?');
      await withTimeout(heard, 4 * commandTimeoutMs);
    } finally {
      subscriber.disconnect();
    }
  }

  /** Rejects unless as many replicas as are asked for hold a write in time; does nothing where none is asked for. */
  async requireReplicas(): Promise<void> {
    const { minReplicas, replicasTimeoutMs } = this.options;
    if (minReplicas === 0) return;
    const write = this.redis.pipeline().set(`${this.name}:replicated`, '1', 'PX', TTL_MS);
    const replies = (await write.wait(minReplicas, replicasTimeoutMs).exec()) ?? [];
    const fault = replies.find(([error]) => error)?.[0];
    if (fault) throw fault;
    const holding = Number(replies[1]?.[1]);
    if (holding < minReplicas) throw new Error(`${holding} of ${minReplicas} replicas hold the write`);
  }

  /** In a cluster, the slot that all keys are in, and the servers that have it, the master first. */
  slot(): { readonly number: number; readonly servers: readonly string[] } | undefined {
    if (!(this.redis instanceof Cluster)) return undefined;
    const number = slotOf(this.name);
    return { number, servers: this.redis.slots[number] ?? [] };
  }

  close(): void {
    this.redis.disconnect();
  }

  /** The very server that the keys are on. */
  private holder(): Redis | Cluster {
    const [master] = this.slot()?.servers ?? [];
    if (!(this.redis instanceof Cluster) || master === undefined) return this.redis;
    const nodes = this.redis.nodes('master');
    return nodes.find(({ options: { host, port } }) => `${host}:${port}` === master) ?? this.redis;
  }
}

/** The first error is the answer: a client that goes on trying is of no use to who wants to know what is wrong. */
async function opened(redis: RedisConnection, signal: AbortSignal): Promise<RedisConnection> {
  try {
    await new Promise<void>((resolve, reject) => {
      redis.on('error', reject);
      redis.once('ready', resolve);
      signal.addEventListener('abort', () => reject(new Error('no answer in time')));
    });
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
