import type { Result } from 'ioredis';
import { DROP_MOVED } from './moved-records.js';
import { COMMIT, TAKE_TURN, type CommitReply } from './redis-change.js';
import { NOW } from './redis-now.js';
import { READ_RESERVED } from './redis-sums.js';

interface Script {
  /** What the Lua calls its keys; left out where it takes any number of them, which are `KEYS`. */
  readonly keys?: readonly string[];
  /** What the Lua calls its other arguments. */
  readonly args: readonly string[];
  readonly lua: string;
}

/**
 * What takes Redis several commands and must be one step. Each is a command of the client (ioredis, `scripts`), which sends it by its hash,
 * and whole where a connection does it for the first time. What Lua has as `false` is null for the client.
 */
export const SCRIPTS = definitionsOf({
  // Only the value that was read before is replaced.
  compareAndSet: {
    keys: ['key'],
    args: ['expected', 'value', 'ttl'],
    lua: `if redis.call('GET', key) ~= expected then return 0 end
    redis.call('SET', key, value, 'PX', ttl)
    return 1`,
  },
  // Only the value that was read before is removed.
  compareAndDelete: {
    keys: ['key'],
    args: ['expected'],
    lua: `if redis.call('GET', key) ~= expected then return 0 end
    return redis.call('DEL', key)`,
  },
  // The counter's time begins with its first increment; none lives for ever.
  incrementWithin: {
    keys: ['key'],
    args: ['by', 'ttl'],
    lua: `local sum = redis.call('INCRBY', key, by)
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ttl) end
    return sum`,
  },
  readReserved: { keys: ['key', 'times'], args: [], lua: READ_RESERVED },
  // Whole nodes first, as many as may be at once: whether there may be more. Then what is too old in the first that stays, and what replaced what would be.
  dropOlder: {
    keys: ['stream', 'moved'],
    args: ['age', 'most'],
    lua: `${NOW}
    local before = now - age
    if redis.call('XTRIM', stream, 'MINID', '~', before, 'LIMIT', most) > 0 then return 1 end
    redis.call('XTRIM', stream, 'MINID', before)
    ${DROP_MOVED}`,
  },
  // What is current begins with a greater number; anything else is to be made anew by one.
  getOrClaim: {
    keys: ['key', 'claim'],
    args: ['currentAt', 'owner', 'ttl'],
    lua: `local value = redis.call('GET', key)
    if value and tonumber(string.match(value, '^%d+') or '0') > tonumber(currentAt) then return { value, 0 } end
    local taken = redis.call('SET', claim, owner, 'PX', ttl, 'NX')
    return { value, taken and 1 or 0 }`,
  },
  // Only what was read before, or nothing, is replaced; what was done is no longer claimed.
  settleClaim: {
    keys: ['key', 'claim'],
    args: ['expected', 'value', 'ttl', 'owner'],
    lua: `local found = redis.call('GET', key)
    local fits = not found or found == expected
    if fits then redis.call('SET', key, value, 'PX', ttl) end
    if redis.call('GET', claim) == owner then redis.call('DEL', claim) end
    return fits and 1 or 0`,
  },
  commit: { args: ['plan'], lua: COMMIT },
  takeTurn: {
    keys: ['key', 'waiting', 'until_', 'look'],
    args: ['waiter', 'owner', 'ttl', 'patience'],
    lua: TAKE_TURN,
  },
  leaveTurn: {
    keys: ['waiting', 'until_'],
    args: ['waiter'],
    lua: `redis.call('ZREM', waiting, waiter)
    return redis.call('ZREM', until_, waiter)`,
  },
  // Of the server that has the key: in a cluster TIME alone could ask any.
  timeAt: { keys: ['key'], args: [], lua: `${NOW}\n    return now` },
});

declare module 'ioredis' {
  interface RedisCommander<Context> {
    compareAndSet(key: string, expected: string, value: string, ttlMs: number): Result<number, Context>;
    compareAndDelete(key: string, expected: string): Result<number, Context>;
    incrementWithin(key: string, by: number, ttlMs: number): Result<number, Context>;
    readReserved(key: string, times: string): Result<number, Context>;
    dropOlder(stream: string, moved: string, ageMs: number, most: number): Result<number, Context>;
    getOrClaim(
      ...args: [key: string, claim: string, currentAt: number, owner: string, ttlMs: number]
    ): Result<[value: string | null, isClaimed: number], Context>;
    settleClaim(
      ...args: [key: string, claim: string, expected: string, value: string, ttlMs: number, owner: string]
    ): Result<number, Context>;
    commit(...args: [keyCount: number, ...keysAndPlan: string[]]): Result<CommitReply, Context>;
    takeTurn(
      ...args: [
        ...keys: [key: string, waiting: string, until: string, look: string],
        ...turn: [waiter: string, owner: string, ttlMs: number, patienceMs: number],
      ]
    ): Result<[isTaken: number, nowMs: number, found: string | null], Context>;
    leaveTurn(waiting: string, until: string, waiter: string): Result<number, Context>;
    timeAt(key: string): Result<number, Context>;
  }
}

function definitionsOf<N extends string>(scripts: Record<N, Script>) {
  const entries = Object.entries<Script>(scripts).map(([name, script]) => [name, definitionOf(script)]);
  return Object.fromEntries(entries) as Record<N, ReturnType<typeof definitionOf>>;
}

function definitionOf({ keys, args, lua }: Script) {
  const locals = (names: readonly string[] = [], list: 'KEYS' | 'ARGV') =>
    names.length > 0 ? `local ${names.join(', ')} = unpack(${list})\n    ` : '';
  return {
    lua: locals(keys, 'KEYS') + locals(args, 'ARGV') + lua,
    ...(keys && { numberOfKeys: keys.length }),
  };
}
