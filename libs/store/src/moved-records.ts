import { RECORD } from './redis-change.js';

/** So many are dropped in one step: Redis does nothing else meanwhile. */
const MOST_DROPPED = 1_000;

/**
 * An index of those records of a stream that stand at its end in the place of older ones, by the time of these, in milliseconds since the epoch: a
 * stream takes no record before its last one.
 */
export function movedKey(stream: string): string {
  return `${stream}:moved`;
}

/**
 * Takes records out of a stream, and adds to its end what replaces each, if anything does; how many were still there. Whatever was taken away by a call of before is
 * not replaced once more. Its keys are the stream and its index; its arguments, in turn, the id of a record and what replaces it.
 */
export const REPLACE_RECORDS = `
  local stream, moved = unpack(KEYS)
  local taken = 0
  for i = 1, #ARGV, 2 do
    local id, by = ARGV[i], ARGV[i + 1]
    if redis.call('XDEL', stream, id) == 1 then
      taken = taken + 1
      if by ~= '' then
        local since = redis.call('ZSCORE', moved, id) or string.match(id, '^%d+')
        redis.call('ZADD', moved, since, redis.call('XADD', stream, '*', '${RECORD}', by))
      end
      redis.call('ZREM', moved, id)
    end
  end
  return taken`;

/** Drops moved records of before a time; whether there may be more of them. */
export const DROP_MOVED = `local old = redis.call('ZRANGEBYSCORE', moved, '-inf', '(' .. before, 'LIMIT', 0, ${MOST_DROPPED})
    if #old == 0 then return 0 end
    redis.call('XDEL', stream, unpack(old))
    redis.call('ZREM', moved, unpack(old))
    return 1`;
