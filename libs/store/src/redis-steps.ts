import { COMMIT, readOutcome, TAKE_TURN } from './redis-change.js';
import { NOW } from './redis-now.js';
import { LOWER_RESERVED, READ_RESERVED } from './redis-sums.js';
import type { Look, TurnTaken } from './store.js';

interface Step<R> {
  /** How many keys it is about; none for a step that takes any number of them as one list. */
  readonly keys: number;
  /** What its reply means. */
  readonly read: (reply: never) => R;
  /** As a member of the table of steps. */
  readonly lua: string;
}

export type Words = readonly (string | number)[];

const isDone = (reply: number): boolean => reply === 1;
const nothing = (): void => {};

/** What Redis does as one step, in Lua. No reply may be nil, which would end the list of them; false stands for none. */
export const STEPS = {
  get: step(['key'], [], (value: string | null) => value ?? undefined, `return redis.call('GET', key)`),
  set: step(['key'], ['value', 'ttl'], nothing, `return redis.call('SET', key, value, 'PX', ttl)`),
  setIfAbsent: step(
    ['key'],
    ['value', 'ttl'],
    isDone,
    `return redis.call('SET', key, value, 'PX', ttl, 'NX') and 1 or 0`,
  ),
  // Only the value that was read before is replaced.
  compareAndSet: step(
    ['key'],
    ['expected', 'value', 'ttl'],
    isDone,
    `if redis.call('GET', key) ~= expected then return 0 end
    redis.call('SET', key, value, 'PX', ttl)
    return 1`,
  ),
  // Only the value that was read before is removed.
  compareAndDelete: step(
    ['key'],
    ['expected'],
    isDone,
    `if redis.call('GET', key) ~= expected then return 0 end
    return redis.call('DEL', key)`,
  ),
  delete: step(['key'], [], nothing, `return redis.call('DEL', key)`),
  // The counter's time begins with its first increment; none lives for ever.
  incrementWithin: step(
    ['key'],
    ['by', 'ttl'],
    (sum: number) => sum,
    `local sum = redis.call('INCRBY', key, by)
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ttl) end
    return sum`,
  ),
  lowerReserved: step(['key', 'times'], ['member', 'to', 'remembered'], nothing, LOWER_RESERVED),
  readReserved: step(['key', 'times'], [], (sum: number) => sum, READ_RESERVED),
  append: step(
    ['stream'],
    ['field', 'record', 'length'],
    nothing,
    `return redis.call('XADD', stream, 'MAXLEN', '~', length, '*', field, record)`,
  ),
  // Whole nodes first, as many as may be in one step: whether there may be more. Then what is too old in the first that stays.
  dropOlder: step(
    ['stream'],
    ['age', 'most'],
    isDone,
    `${NOW}
    local before = now - age
    if redis.call('XTRIM', stream, 'MINID', '~', before, 'LIMIT', most) > 0 then return 1 end
    redis.call('XTRIM', stream, 'MINID', before)
    return 0`,
  ),
  // What is current begins with a greater number; anything else is to be made anew by one.
  getOrClaim: step(
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
  settleClaim: step(
    ['key', 'claim'],
    ['expected', 'value', 'ttl', 'owner'],
    isDone,
    `local found = redis.call('GET', key)
    local fits = not found or found == expected
    if fits then redis.call('SET', key, value, 'PX', ttl) end
    if redis.call('GET', claim) == owner then redis.call('DEL', claim) end
    return fits and 1 or 0`,
  ),
  commit: {
    keys: 0,
    read: readOutcome,
    lua: `{ keys = 0, words = 1, answer = function(keys, text)\n    ${COMMIT}\n    end }`,
  },
  takeTurn: step(
    ['key', 'waiting', 'until_', 'look'],
    ['waiter', 'owner', 'ttl', 'patience'],
    ([isTaken, nowMs, found]: [number, number, string | null]): TurnTaken => ({
      isTaken: isTaken === 1,
      nowMs,
      found: found ?? undefined,
    }),
    TAKE_TURN,
  ),
  leaveTurn: step(
    ['waiting', 'until_'],
    ['waiter'],
    nothing,
    `redis.call('ZREM', waiting, waiter)
    return redis.call('ZREM', until_, waiter)`,
  ),
  time: step(['key'], [], (nowMs: number) => nowMs, `${NOW}\n    return now`),
} satisfies Record<string, Step<unknown>>;

export type StepName = keyof typeof STEPS;

/** What one step is answered with. */
export type Reply<N extends StepName> = ReturnType<(typeof STEPS)[N]['read']>;

/**
 * A script that does any number of these steps, one after the other: `KEYS` are the keys of all of them, `ARGV` the name of each, how many
 * keys are its, and its words. One that failed has its error in the list of replies, and fails alone.
 */
export function scriptOf(...names: readonly StepName[]): string {
  return `
    local steps = {
      ${names.map((name) => `${name} = ${STEPS[name].lua}`).join(',\n      ')}
    }
    local replies, key, word = {}, 1, 1
    while word <= #ARGV do
      local step = steps[ARGV[word]]
      local count = tonumber(ARGV[word + 1])
      local given = { unpack(KEYS, key, key + count - 1) }
      if step.keys == 0 then given = { given } end
      for i = 1, step.words do given[math.max(step.keys, 1) + i] = ARGV[word + 1 + i] end
      local isAnswered, reply = pcall(step.answer, unpack(given))
      if not isAnswered and type(reply) ~= 'table' then reply = redis.error_reply(tostring(reply)) end
      -- A server that was demoted tells so to all at once: the connection is opened anew (redis-connection.ts).
      if not isAnswered and string.match(reply.err, '^READONLY') then return reply end
      replies[#replies + 1] = reply
      key, word = key + count, word + 2 + step.words
    end
    return replies`;
}

function step<R, A>(
  keys: readonly [string, ...string[]],
  words: readonly string[],
  read: (reply: A) => R,
  body: string,
) {
  const answer = `function(${[...keys, ...words].join(', ')})\n    ${body}\n    end`;
  return {
    keys: keys.length,
    read,
    lua: `{ keys = ${keys.length}, words = ${words.length}, answer = ${answer} }`,
  };
}
