import { Logger } from '@nestjs/common';
import { traced } from '#libs/telemetry';
import { CoalescedWrites } from './coalesced-writes.js';
import { withTimeout } from './with-timeout.js';
import { RECORD, readOutcome, wordsOf } from './redis-change.js';
import { movedKey } from './moved-records.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import { RedisDurability } from './redis-durability.js';
import { RedisErrorLog } from './redis-error-log.js';
import { isReply, redisErrorKind } from './redis-errors.js';
import { RedisHealth } from './redis-health.js';
import { logRedisConfigFaults } from './redis-config-check.js';
import { RedisSubscriptions } from './redis-subscriptions.js';
import { timesKey } from './redis-sums.js';
import { prefixOf, type RedisTarget } from './redis-url.js';
import {
  Store,
  type Change,
  type Lease,
  type Listener,
  type Look,
  type Outcome,
  type Turn,
  type TurnTaken,
} from './store.js';
import { StoreUnavailable } from './store.problems.js';

/** So many records are taken out of a stream in one step at most. */
const MOST_DROPPED = 10_000;
/** How long the key of the probe stays when the gateway is gone. */
const PROBE_TTL_MS = 60_000;

export interface RedisStoreOptions {
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly minReplicas: number;
  readonly replicasTimeoutMs: number;
}

/** The state in Redis: a single server, one behind sentinels, or a cluster. */
export class RedisStore extends Store {
  readonly isShared = true;
  /** Redis evicts nothing (`noeviction`, which is looked at when the connection opens), and itself refuses what it has no room for. */
  readonly expendable = this;
  private readonly log = new Logger('Redis');
  private readonly redis: RedisConnection;
  private readonly errors = new RedisErrorLog();
  private readonly subscriptions: RedisSubscriptions;
  private readonly health: RedisHealth;
  private readonly writes: CoalescedWrites;
  private readonly durability: RedisDurability;
  private readonly prefix: string;

  constructor(
    target: RedisTarget,
    private readonly options: RedisStoreOptions,
  ) {
    super();
    this.prefix = prefixOf(target, options.keyPrefix);
    this.redis = connectRedis(target, options.commandTimeoutMs);
    this.redis.on('error', (error: Error) => this.errors.saw(error));
    this.subscriptions = new RedisSubscriptions(target, options.commandTimeoutMs, this.errors);
    this.writes = new CoalescedWrites(this.redis);
    this.durability = new RedisDurability(target, options, this.errors);
    this.health = new RedisHealth(this.redis, () => this.probe(), options.commandTimeoutMs, {
      changed: (isUp) => this.sayWhetherUp(isUp),
      writesChanged: (error) => this.sayWhetherWritable(error),
    });
  }

  get isUp(): boolean {
    return this.health.isUp;
  }

  get trouble(): string | undefined {
    const refusal = this.health.refusal ?? this.subscriptions.refusal;
    return refusal === undefined ? undefined : redisErrorKind(refusal).name;
  }

  requireRoom(): void {
    // Redis says so itself, to each step that finds no room.
  }

  get(key: string): Promise<string | undefined> {
    return this.ask(() => this.redis.get(this.full(key))).then(orUndefined);
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.ask(() => this.redis.set(this.full(key), value, 'PX', ttlMs));
  }

  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    return this.ask(() => this.redis.set(this.full(key), value, 'PX', ttlMs, 'NX')).then(isOk);
  }

  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    return this.ask(() => this.redis.compareAndSet(this.full(key), expected, value, ttlMs)).then(isOne);
  }

  async getOrClaim(key: string, currentAt: number, { key: at, owner, ttlMs }: Lease): Promise<Look> {
    if (!this.isUp) throw new StoreUnavailable();
    const lease = this.full(at);
    const look = this.ask(() => this.redis.getOrClaim(this.full(key), lease, currentAt, owner, ttlMs));
    const [value, isClaimed] = await look.catch((error: unknown) => {
      // It may be taken all the same, once Redis goes on; on the same connection this comes right behind it.
      this.redis.compareAndDelete(lease, owner).catch(() => {});
      throw error;
    });
    return { value: orUndefined(value), isClaimed: isOne(isClaimed) };
  }

  settleClaim(key: string, expected: string | undefined, value: string, ttlMs: number, lease: Lease) {
    const keys = [this.full(key), this.full(lease.key)] as const;
    // An empty text is no value of ours: it stands for none.
    const args = [expected ?? '', value, ttlMs, lease.owner] as const;
    return this.ask(() => this.redis.settleClaim(...keys, ...args)).then(isOne);
  }

  commit(change: Change): Promise<Outcome> {
    if (!this.isUp) return Promise.reject(new StoreUnavailable());
    const { keys, plan } = wordsOf(change, (key) => this.full(key));
    if (change.isDurable && this.options.minReplicas > 0) return this.durability.commit(keys, plan);
    return this.ask(() => this.redis.commit(keys.length, ...keys, plan)).then(readOutcome);
  }

  async takeTurn({ key, waiter, owner, ttlMs, patienceMs, look }: Turn): Promise<TurnTaken> {
    const keys = [this.full(key), ...this.waitingKeys(key), this.full(look)] as const;
    const reply = await this.ask(() => this.redis.takeTurn(...keys, waiter, owner, ttlMs, patienceMs));
    const [isTaken, nowMs, found] = reply;
    return { isTaken: isOne(isTaken), nowMs, found: orUndefined(found) };
  }

  async leaveTurn(key: string, waiter: string): Promise<void> {
    await this.ask(() => this.redis.leaveTurn(...this.waitingKeys(key), waiter));
  }

  time(): Promise<number> {
    return this.ask(() => this.redis.timeAt(this.full('time')));
  }

  compareAndDelete(key: string, expected: string): Promise<boolean> {
    return this.ask(() => this.redis.compareAndDelete(this.full(key), expected)).then(isOne);
  }

  async delete(key: string): Promise<void> {
    await this.ask(() => this.redis.del(this.full(key)));
  }

  increment(key: string, by: number, ttlMs: number): Promise<number> {
    return this.ask(() => this.redis.incrementWithin(this.full(key), by, ttlMs));
  }

  readReserved(key: string): Promise<number> {
    return this.ask(() => this.redis.readReserved(this.full(key), this.full(timesKey(key))));
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

  async append(stream: string, record: string, maxLength: number): Promise<void> {
    await this.ask(() => this.redis.xadd(this.full(stream), 'MAXLEN', '~', maxLength, '*', RECORD, record));
  }

  async dropOlder(stream: string, ageMs: number): Promise<void> {
    const key = this.full(stream);
    const drop = () => this.redis.dropOlder(key, movedKey(key), ageMs, MOST_DROPPED);
    while (isOne(await this.ask(drop)));
  }

  async readLast(stream: string, limit: number): Promise<string[]> {
    const entries = await this.ask(() => this.redis.xrevrange(this.full(stream), '+', '-', 'COUNT', limit));
    return entries.map(([, fields]) => fields[1] as string);
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.ask(() => this.redis.publish(this.full(channel), message));
  }

  subscribe(channel: string, listener: Listener): () => void {
    return this.subscriptions.subscribe(this.full(channel), listener);
  }

  close(): Promise<void> {
    this.health.close();
    this.redis.disconnect();
    this.subscriptions.close();
    this.durability.close();
    return Promise.resolve();
  }

  /** Fails at once while Redis is away, and within the command timeout when it falls silent. */
  private ask<T>(command: () => Promise<T>): Promise<T> {
    if (!this.isUp) return Promise.reject(new StoreUnavailable());
    return traced('redis', () => this.answerWithin(command));
  }

  private async answerWithin<T>(command: () => Promise<T>): Promise<T> {
    this.writes.beforeCommand();
    try {
      return await withTimeout(command(), this.options.commandTimeoutMs);
    } catch (error) {
      // A reply, even of an error, is a sign of life: only silence and broken connections make Redis away.
      if (isReply(error)) this.refused(error);
      else this.unanswered(error);
      throw new StoreUnavailable(error);
    }
  }

  private refused(error: unknown): void {
    this.errors.saw(error);
    this.health.recheckSoon();
  }

  private unanswered(error: unknown): void {
    this.errors.saw(error);
    this.health.markDown();
  }

  /** As prints are written: what refuses it refuses them. */
  private async probe(): Promise<unknown> {
    const write = { set: 'presence', value: '1', ttlMs: PROBE_TTL_MS };
    const { keys, plan } = wordsOf({ conditions: [], writes: [write] }, (key) => this.full(key));
    const refusal =
      (await this.refusalOf(() => this.redis.commit(keys.length, ...keys, plan))) ??
      (await this.refusalOf(() => this.redis.publish(this.full('presence'), '')));
    if (refusal !== undefined || this.options.minReplicas === 0) return refusal;
    return this.durability.commit(keys, plan).then(() => undefined, causeOf);
  }

  /** The error that it is answered with, if it is one; rejects when there is no answer. */
  private async refusalOf(command: () => Promise<unknown>): Promise<Error | undefined> {
    const fault = await this.answerWithin(command).then(() => undefined, causeOf);
    if (fault !== undefined && !isReply(fault)) throw fault;
    return fault;
  }

  /** Who waits for a turn, in the order of asking; and until when. */
  private waitingKeys(key: string): [string, string] {
    return [this.full(`${key}:waiting`), this.full(`${key}:until`)];
  }

  private full(key: string): string {
    return this.prefix + key;
  }

  private sayWhetherUp(isUp: boolean): void {
    if (isUp) {
      this.log.log('Redis answers');
      void logRedisConfigFaults(this.redis, this.options);
    } else
      this.log.warn(
        'Redis is unreachable: serving reads from memory and upstream; prints with a key or a quota return 503',
      );
  }

  private sayWhetherWritable(error: unknown): void {
    if (error !== undefined) return this.errors.saw(error);
    this.errors.clear();
    this.log.log('Redis takes writes again');
  }
}

const isOne = (reply: number): boolean => reply === 1;
const isOk = (reply: string | null): boolean => reply !== null;
const orUndefined = (reply: string | null): string | undefined => reply ?? undefined;

function causeOf({ cause }: Error): Error {
  return cause instanceof Error ? cause : new Error('no answer in time');
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[2 * i] as string,
    flat[2 * i + 1] as string,
  ]);
}
