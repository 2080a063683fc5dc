import type { Cluster, Redis } from 'ioredis';

// Only the value that was read before is replaced.
export const COMPARE_AND_SET = `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    return 1`;

/** Steps that read and write must be one. Each script touches one key, and so one slot of a cluster. */
const SCRIPTS = {
  compareAndSet: COMPARE_AND_SET,
  // Only the value that was read before is removed.
  compareAndDelete: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])`,
  // The counter's time begins with its first increment; none lives for ever.
  incrementWithin: `
    local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
    if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
    return sum`,
  // What it was, or is: a refused addition leaves nothing behind.
  incrementUpTo: `
    local before = tonumber(redis.call('GET', KEYS[1]) or '0')
    if before + ARGV[1] > tonumber(ARGV[2]) then return { before, 0 } end
    local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
    if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
    return { sum, 1 }`,
  // The index and its time are written together, and what is over goes.
  addToIndex: `
    redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
    if ARGV[4] ~= '-inf' then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4]) end
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 1`,
};

/** These touch a second key, a claim beside the value: it has the same hash tag. */
const CLAIMING_SCRIPTS = {
  // What is current begins with a greater number; anything else is to be made anew by one.
  getOrClaim: `
    local value = redis.call('GET', KEYS[1])
    if value and tonumber(string.match(value, '^%d+') or '0') > tonumber(ARGV[1]) then return { value, 0 } end
    local taken = redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3], 'NX')
    return { value, taken and 1 or 0 }`,
  // Only what was read before, or nothing, is replaced; what was done is no longer claimed.
  settleClaim: `
    local found = redis.call('GET', KEYS[1])
    local fits = not found or found == ARGV[1]
    if fits then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
    if redis.call('GET', KEYS[2]) == ARGV[4] then redis.call('DEL', KEYS[2]) end
    return fits and 1 or 0`,
};

export interface Scripts {
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<number>;
  compareAndDelete(key: string, expected: string): Promise<number>;
  incrementWithin(key: string, by: number, ttlMs: number): Promise<number>;
  incrementUpTo(key: string, by: number, limit: number, ttlMs: number): Promise<[number, number]>;
  addToIndex(key: string, score: number, member: string, ttlMs: number, least: string): Promise<number>;
  getOrClaim(
    key: string,
    claimKey: string,
    currentAt: number,
    owner: string,
    ttlMs: number,
  ): Promise<[string | null, number]>;
  settleClaim(
    key: string,
    claimKey: string,
    expected: string,
    value: string,
    ttlMs: number,
    owner: string,
  ): Promise<number>;
}

/** ioredis sends a script by its hash, and whole to a server that does not know it yet (after a failover, say). */
export function defineScripts<T extends Redis | Cluster>(connection: T): T & Scripts {
  for (const [name, lua] of Object.entries(SCRIPTS)) connection.defineCommand(name, { numberOfKeys: 1, lua });
  for (const [name, lua] of Object.entries(CLAIMING_SCRIPTS))
    connection.defineCommand(name, { numberOfKeys: 2, lua });
  return connection as T & Scripts;
}
