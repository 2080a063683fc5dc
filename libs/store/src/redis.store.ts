import { Logger } from '@nestjs/common';
import { ReplyError } from 'ioredis';
import { traced } from '#libs/telemetry';
import { GatheredScript, type SendAll, type Words } from './gathered-script.js';
import { inTime } from './in-time.js';
import { OneWrite } from './one-write.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import { RedisDurability } from './redis-durability.js';
import { RedisEar } from './redis-ear.js';
import { RedisPresence } from './redis-presence.js';
import { sayRedisFaults } from './redis-faults.js';
import type { RedisTarget } from './redis-target.js';
import { Store, type Claim, type Listener, type Look } from './store.js';
import { StoreUnavailable } from './store.problems.js';

/** The one field of a stream's entries. */
const RECORD = 'record';

export interface RedisStoreOptions {
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly minReplicas: number;
  readonly replicasTimeoutMs: number;
}

/** The state in Redis: a single server, one behind sentinels, or a cluster. */
export class RedisStore extends Store {
  readonly isShared = true;
  private readonly log = new Logger('Redis');
  private readonly redis: RedisConnection;
  private readonly ear: RedisEar;
  private readonly presence: RedisPresence;
  private readonly write: OneWrite;
  private readonly looks: GatheredScript<Look>;
  private readonly settlements: GatheredScript<boolean>;
  private readonly durability: RedisDurability;

  constructor(
    target: RedisTarget,
    private readonly options: RedisStoreOptions,
  ) {
    super();
    this.redis = connectRedis(target, options.commandTimeoutMs);
    // Without a listener an 'error' would end the process; what it means is said by the presence.
    this.redis.on('error', () => {});
    this.ear = new RedisEar(target, options.commandTimeoutMs);
    this.write = new OneWrite(this.redis);
    const gathered = <R>(sendAll: SendAll<R>) =>
      new GatheredScript<R>(this.redis, this.write, (words) => this.askInTime(() => sendAll(words)));
    this.looks = gathered(async (words) => (await this.redis.getOrClaim(words)).map(asLook));
    this.settlements = gathered(async (words) => (await this.redis.settleClaim(words)).map(isDone));
    this.durability = new RedisDurability(target, options);
    this.presence = new RedisPresence(this.redis, options.commandTimeoutMs, (isUp) => this.sayPresence(isUp));
  }

  get isUp(): boolean {
    return this.presence.isUp;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.ask(() => this.redis.get(this.full(key)))) ?? undefined;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.ask(() => this.redis.set(this.full(key), value, 'PX', ttlMs));
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    return (await this.ask(() => this.redis.set(this.full(key), value, 'PX', ttlMs, 'NX'))) === 'OK';
  }

  async compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    return (await this.ask(() => this.redis.compareAndSet(this.full(key), expected, value, ttlMs))) === 1;
  }

  async compareAndSetDurably(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.options.minReplicas === 0) return this.compareAndSet(key, expected, value, ttlMs);
    if (!this.presence.isUp) throw new StoreUnavailable();
    return this.durability.compareAndSet(this.full(key), expected, value, ttlMs);
  }

  getOrClaim(key: string, currentAt: number, { key: claimKey, owner, ttlMs }: Claim): Promise<Look> {
    const keys = [this.full(key), this.full(claimKey)] as const;
    return this.askTogether(this.looks, keys, [currentAt, owner, ttlMs]).catch((error: unknown) => {
      // Redis may take the claim all the same, once it goes on; on the same connection this comes right behind it.
      this.redis.compareAndDelete(keys[1], owner).catch(() => {});
      throw error;
    });
  }

  settleClaim(key: string, expected: string | undefined, value: string, ttlMs: number, claim: Claim) {
    const keys = [this.full(key), this.full(claim.key)] as const;
    // An empty text is no value of ours: it stands for none.
    return this.askTogether(this.settlements, keys, [expected ?? '', value, ttlMs, claim.owner]);
  }

  async compareAndDelete(key: string, expected: string): Promise<boolean> {
    return (await this.ask(() => this.redis.compareAndDelete(this.full(key), expected))) === 1;
  }

  async delete(key: string): Promise<void> {
    await this.ask(() => this.redis.del(this.full(key)));
  }

  increment(key: string, by: number, ttlMs: number): Promise<number> {
    return this.ask(() => this.redis.incrementWithin(this.full(key), by, ttlMs));
  }

  async readCounter(key: string): Promise<number> {
    return Number((await this.get(key)) ?? 0);
  }

  async incrementUpTo(key: string, by: number, limit: number, ttlMs: number) {
    const [sum, added] = await this.ask(() => this.redis.incrementUpTo(this.full(key), by, limit, ttlMs));
    return { sum, isAdded: added === 1 };
  }

  async addToIndex(
    key: string,
    member: string,
    score: number,
    ttlMs: number,
    minScore = -Infinity,
  ): Promise<void> {
    const least = minScore === -Infinity ? '-inf' : `(${minScore}`;
    await this.ask(() => this.redis.addToIndex(this.full(key), score, member, ttlMs, least));
  }

  async readIndex(
    key: string,
    maxScore: number,
    limit: number,
  ): Promise<{ member: string; score: number }[]> {
    const range = [
      this.full(key),
      maxScore,
      '-inf',
      'BYSCORE',
      'REV',
      'LIMIT',
      0,
      limit,
      'WITHSCORES',
    ] as const;
    const flat = await this.ask(() => this.redis.zrange(...range));
    return pairs(flat).map(([member, score]) => ({ member, score: Number(score) }));
  }

  async removeFromIndex(key: string, member: string): Promise<void> {
    await this.ask(() => this.redis.zrem(this.full(key), member));
  }

  async append(stream: string, record: string, maxLength: number): Promise<void> {
    await this.ask(() => this.redis.xadd(this.full(stream), 'MAXLEN', '~', maxLength, '*', RECORD, record));
  }

  async readLast(stream: string, limit: number): Promise<string[]> {
    const entries = await this.ask(() => this.redis.xrevrange(this.full(stream), '+', '-', 'COUNT', limit));
    return entries.map(([, fields]) => fields[1] as string);
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.ask(() => this.redis.publish(this.full(channel), message));
  }

  subscribe(channel: string, listener: Listener): () => void {
    return this.ear.subscribe(this.full(channel), listener);
  }

  close(): Promise<void> {
    this.presence.close();
    this.redis.disconnect();
    this.ear.close();
    this.durability.close();
    return Promise.resolve();
  }

  /** Fails at once while Redis is away, and within the command timeout when it falls silent. */
  private ask<T>(command: () => Promise<T>): Promise<T> {
    return traced('redis', () => this.askInTime(command));
  }

  /** The same for a question that goes out with others. */
  private askTogether<R>(
    script: GatheredScript<R>,
    keys: readonly [string, string],
    words: Words,
  ): Promise<R> {
    if (!this.presence.isUp) return Promise.reject(new StoreUnavailable());
    return traced('redis', () => script.ask(keys, words));
  }

  private async askInTime<T>(command: () => Promise<T>): Promise<T> {
    if (!this.presence.isUp) throw new StoreUnavailable();
    this.write.gather();
    try {
      return await inTime(command(), this.options.commandTimeoutMs);
    } catch (error) {
      // A reply, even of an error, is a sign of life: only silence and broken connections make Redis away.
      if (!(error instanceof ReplyError)) this.presence.doubt();
      throw new StoreUnavailable(error);
    }
  }

  private full(key: string): string {
    return this.options.keyPrefix + key;
  }

  private sayPresence(isUp: boolean): void {
    if (isUp) {
      this.log.log('Redis answers');
      void sayRedisFaults(this.redis, this.options);
    } else this.log.warn('Redis is away: reads go on without it, what needs it for safety is refused');
  }
}

function asLook(reply: [value: string | null, taken: number] | null): Look | null {
  return reply && { value: reply[0] ?? undefined, isClaimed: reply[1] === 1 };
}

function isDone(reply: number | null): boolean | null {
  return reply === null ? null : reply === 1;
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[2 * i] as string,
    flat[2 * i + 1] as string,
  ]);
}
