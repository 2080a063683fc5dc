import { Cluster, type Redis } from 'ioredis';
import type { Look } from './store.js';

interface Script<R> {
  /** How many keys each question is about. */
  readonly keys: number;
  /** What the reply to one question means. */
  readonly read: (reply: never) => R;
  readonly lua: string;
}

const isDone = (reply: number): boolean => reply === 1;

/**
 * Steps that read and write must be one. Each answers any number of questions in one command, each of them about one key, or about a
 * value and the claim beside it, in one slot of a cluster. The replies follow each other in one list, which nil would end; a question
 * that failed has its error there, and fails alone.
 */
export const SCRIPTS = {
  // Only the value that was read before is replaced.
  compareAndSet: script(
    ['key'],
    ['expected', 'value', 'ttl'],
    isDone,
    `if redis.call('GET', key) ~= expected then return 0 end
    redis.call('SET', key, value, 'PX', ttl)
    return 1`,
  ),
  // Only the value that was read before is removed.
  compareAndDelete: script(
    ['key'],
    ['expected'],
    isDone,
    `if redis.call('GET', key) ~= expected then return 0 end
    return redis.call('DEL', key)`,
  ),
  // The counter's time begins with its first increment; none lives for ever.
  incrementWithin: script(
    ['key'],
    ['by', 'ttl'],
    (sum: number) => sum,
    `local sum = redis.call('INCRBY', key, by)
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ttl) end
    return sum`,
  ),
  // What it was, or is: a refused addition leaves nothing behind.
  incrementUpTo: script(
    ['key'],
    ['by', 'limit', 'ttl'],
    ([sum, isAdded]: [number, number]) => ({ sum, isAdded: isAdded === 1 }),
    `local before = tonumber(redis.call('GET', key) or '0')
    if before + by > tonumber(limit) then return { before, 0 } end
    local sum = redis.call('INCRBY', key, by)
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ttl) end
    return { sum, 1 }`,
  ),
  // The index and its time are written together, and what is over goes.
  addToIndex: script(
    ['key'],
    ['score', 'member', 'ttl', 'least'],
    () => {},
    `redis.call('ZADD', key, score, member)
    if least ~= '-inf' then redis.call('ZREMRANGEBYSCORE', key, '-inf', least) end
    redis.call('PEXPIRE', key, ttl)
    return 1`,
  ),
  // What is current begins with a greater number; anything else is to be made anew by one.
  getOrClaim: script(
    ['key', 'claim'],
    ['currentAt', 'owner', 'ttl'],
    ([value, isClaimed]: [string | null, number]): Look => ({
      value: value ?? undefined,
      isClaimed: isClaimed === 1,
    }),
    `local value = redis.call('GET', key)
    if value and tonumber(string.match(value, '^%d+') or '0') > tonumber(currentAt) then return { value, 0 } end
    local taken = redis.call('SET', claim, owner, 'PX', ttl, 'NX')
    return { value, taken and 1 or 0 }`,
  ),
  // Only what was read before, or nothing, is replaced; what was done is no longer claimed.
  settleClaim: script(
    ['key', 'claim'],
    ['expected', 'value', 'ttl', 'owner'],
    isDone,
    `local found = redis.call('GET', key)
    local fits = not found or found == expected
    if fits then redis.call('SET', key, value, 'PX', ttl) end
    if redis.call('GET', claim) == owner then redis.call('DEL', claim) end
    return fits and 1 or 0`,
  ),
} satisfies Record<string, Script<unknown>>;

export type ScriptName = keyof typeof SCRIPTS;

export type Words = readonly (string | number)[];

/** What one question is answered with. */
export type Reply<N extends ScriptName> = ReturnType<(typeof SCRIPTS)[N]['read']>;

/**
 * Each script as a command: the number of keys (not to a cluster, which is asked one question at a time), the keys of all questions,
 * and their other words, in order.
 */
export type ScriptCommands = Readonly<Record<ScriptName, (words: Words) => Promise<unknown[]>>>;

/** ioredis sends a script by its hash, and whole to a server that does not know it yet (after a failover, say). */
export function defineScripts<T extends Redis | Cluster>(connection: T): T & ScriptCommands {
  for (const [name, { lua, keys }] of Object.entries(SCRIPTS))
    connection.defineCommand(name, connection instanceof Cluster ? { lua, numberOfKeys: keys } : { lua });
  return connection as T & ScriptCommands;
}

function script<R, A>(
  keys: readonly [string] | readonly [string, string],
  words: readonly string[],
  read: (reply: A) => R,
  body: string,
) {
  const keysOfOne = keys.map((_, index) => `KEYS[${keys.length} * i - ${keys.length - 1 - index}]`);
  return {
    keys: keys.length,
    read,
    // A server that was demoted tells so to all at once: the connection is opened anew (`redis-connection.ts`).
    lua: `
    local function answer(${[...keys, ...words].join(', ')})
    ${body}
    end
    local replies = {}
    for i = 1, #KEYS / ${keys.length} do
      local isAnswered, reply = pcall(answer, ${keysOfOne.join(', ')}, unpack(ARGV, ${words.length} * (i - 1) + 1, ${words.length} * i))
      if not isAnswered and type(reply) ~= 'table' then reply = redis.error_reply(tostring(reply)) end
      if not isAnswered and string.match(reply.err, '^READONLY') then return reply end
      replies[i] = reply
    end
    return replies`,
  };
}
