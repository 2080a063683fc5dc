import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { withTimeout } from './with-timeout.js';
import { movedKey, REPLACE_RECORDS } from './moved-records.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import { redisErrorKind } from './redis-errors.js';
import { prefixOf, type RedisTarget } from './redis-url.js';

/** So many keys are looked at, or records read, in one command: Redis does nothing else meanwhile. */
const PAGE = 500;
/** A page may take longer than what a gateway asks for. */
const PAGE_TIMEOUTS = 10;
const OPENS_WITHIN_MS = 10_000;
const OPEN_LOOK_MS = 20;

/** A record of a stream that is taken away, and what is added to its end instead, if anything is: for `Store.dropOlder` it is as old as what it replaces. */
interface Replacement {
  readonly id: string;
  readonly by: string | undefined;
}

/**
 * All that an installation keeps in Redis, for commands that look through it; gateways do not. It is read in pages, so that Redis is never busy for long.
 * Every method may throw what the connection or Redis says.
 */
export class RedisInventory {
  private constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    private readonly timeoutMs: number,
  ) {}

  /** Throws an error that says what is wrong, and what to do, when there is no connection within this time. */
  static async open(
    target: RedisTarget,
    { keyPrefix, commandTimeoutMs }: { keyPrefix: string; commandTimeoutMs: number },
    withinMs = OPENS_WITHIN_MS,
  ): Promise<RedisInventory> {
    const redis = connectRedis(target, commandTimeoutMs);
    let last: Error | undefined;
    redis.on('error', (error: Error) => (last = error));
    for (const untilMs = performance.now() + withinMs; performance.now() < untilMs;) {
      if (redis.status === 'ready')
        return new RedisInventory(redis, prefixOf(target, keyPrefix), commandTimeoutMs);
      await delay(OPEN_LOOK_MS);
    }
    redis.disconnect();
    const { name, advice } = redisErrorKind(last);
    throw new Error(`Redis: ${name}. ${advice}`, { cause: last });
  }

  /** Pages of the keys that a pattern of Redis fits: each key that is there all the time, some of them perhaps twice. */
  async *keys(pattern: string): AsyncGenerator<readonly string[]> {
    const masters = this.redis instanceof Cluster ? this.redis.nodes('master') : [this.redis];
    for (const node of masters) {
      let cursor = '0';
      do {
        const [next, keys] = await this.ask(
          node.scan(cursor, 'MATCH', asPattern(this.prefix) + pattern, 'COUNT', PAGE),
        );
        if (keys.length > 0) yield keys.map((key) => key.slice(this.prefix.length));
        cursor = next;
      } while (cursor !== '0');
    }
  }

  /** What stands under each of these keys, at most a page of them; undefined where nothing does, or what is no text. */
  async values(keys: readonly string[]): Promise<(string | undefined)[]> {
    const values = await this.ask(this.redis.mget(keys.map((key) => this.full(key))));
    return values.map((value) => value ?? undefined);
  }

  /** For how long a key is still there, in milliseconds; undefined where it is not, or stays. */
  async leftMs(key: string): Promise<number | undefined> {
    const left = await this.ask(this.redis.pttl(this.full(key)));
    return left > 0 ? left : undefined;
  }

  /** Pages of the records of a stream, from the oldest on. */
  async *records(
    stream: string,
  ): AsyncGenerator<readonly { readonly id: string; readonly record: string }[]> {
    for (let after = '-'; ;) {
      const entries = await this.ask(this.redis.xrange(this.full(stream), after, '+', 'COUNT', PAGE));
      const last = entries.at(-1);
      if (!last) return;
      yield entries.map(([id, fields]) => ({ id, record: fields[1] ?? '' }));
      after = `(${last[0]}`;
    }
  }

  /** Takes records out of a stream, each in one step with what replaces it; how many were still there. */
  async replaceRecords(stream: string, replacements: readonly Replacement[]): Promise<number> {
    const key = this.full(stream);
    const words = replacements.flatMap(({ id, by }) => [id, by ?? '']);
    return (await this.ask(this.redis.eval(REPLACE_RECORDS, 2, key, movedKey(key), ...words))) as number;
  }

  close(): void {
    this.redis.disconnect();
  }

  private full(key: string): string {
    return this.prefix + key;
  }

  private ask<T>(answer: Promise<T>): Promise<T> {
    return withTimeout(answer, PAGE_TIMEOUTS * this.timeoutMs);
  }
}

/** A text as the pattern of Redis that fits it alone. */
function asPattern(text: string): string {
  return text.replace(/[\\*?[\]^-]/g, '\\$&');
}
