import { Cluster, type Redis } from 'ioredis';
import { KEYS_OF_A_QUESTION, type Words } from './gathered-script.js';

// Only the value that was read before is replaced.
export const COMPARE_AND_SET = `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    return 1`;

/** Steps that read and write must be one. Each of these touches one key, and so one slot of a cluster. */
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

/**
 * These answer any number of questions (`GatheredScript`), each with two keys of one slot, a value and the claim beside it, and with so
 * many other words. The replies follow each other in one list; nil stands for a question that failed, and fails alone.
 */
const MANY = {
  // What is current begins with a greater number; anything else is to be made anew by one.
  getOrClaim: many(
    '(key, claim, currentAt, owner, ttl)',
    `local value = redis.call('GET', key)
    if value and tonumber(string.match(value, '^%d+') or '0') > tonumber(currentAt) then return { value, 0 } end
    local taken = redis.call('SET', claim, owner, 'PX', ttl, 'NX')
    return { value, taken and 1 or 0 }`,
  ),
  // Only what was read before, or nothing, is replaced; what was done is no longer claimed.
  settleClaim: many(
    '(key, claim, expected, value, ttl, owner)',
    `local found = redis.call('GET', key)
    local fits = not found or found == expected
    if fits then redis.call('SET', key, value, 'PX', ttl) end
    if redis.call('GET', claim) == owner then redis.call('DEL', claim) end
    return fits and 1 or 0`,
  ),
};

function many(parameters: string, body: string): string {
  const words = parameters.split(',').length - 2;
  return `
    local function answer${parameters}
    ${body}
    end
    local replies = {}
    for i = 1, #KEYS / 2 do
      local isAnswered, reply = pcall(answer, KEYS[2 * i - 1], KEYS[2 * i], unpack(ARGV, ${words} * (i - 1) + 1, ${words} * i))
      replies[i] = isAnswered and reply
    end
    return replies`;
}

export interface Scripts {
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<number>;
  compareAndDelete(key: string, expected: string): Promise<number>;
  incrementWithin(key: string, by: number, ttlMs: number): Promise<number>;
  incrementUpTo(key: string, by: number, limit: number, ttlMs: number): Promise<[number, number]>;
  addToIndex(key: string, score: number, member: string, ttlMs: number, least: string): Promise<number>;
  getOrClaim(words: Words): Promise<([string | null, number] | null)[]>;
  settleClaim(words: Words): Promise<(number | null)[]>;
}

/** ioredis sends a script by its hash, and whole to a server that does not know it yet (after a failover, say). */
export function defineScripts<T extends Redis | Cluster>(connection: T): T & Scripts {
  for (const [name, lua] of Object.entries(SCRIPTS)) connection.defineCommand(name, { numberOfKeys: 1, lua });
  // A cluster is asked one question at a time.
  const ofMany = connection instanceof Cluster ? { numberOfKeys: KEYS_OF_A_QUESTION } : {};
  for (const [name, lua] of Object.entries(MANY)) connection.defineCommand(name, { lua, ...ofMany });
  return connection as T & Scripts;
}
