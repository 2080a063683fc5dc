import { NOW } from './redis-now.js';

/** The field of a hash of reservations that holds their sum; no member's name. */
const SUM = '=';

/** Beside a hash of reservations, in its slot. */
export function timesKey(key: string): string {
  return `${key}:times`;
}

/**
 * A hash has what each member has reserved. Beside it stands, by time, who does not keep it yet, and until when it stands so; and of those
 * who have left the hash, until when that is remembered.
 */
const TAKE_OVERDUE_AWAY = `${NOW}
    for _, each in ipairs(redis.call('ZRANGEBYSCORE', times, '-inf', now)) do
      local amount = redis.call('HGET', key, each)
      if amount then
        redis.call('HDEL', key, each)
        redis.call('HINCRBY', key, '${SUM}', -amount)
      end
      redis.call('ZREM', times, each)
    end
    local sum = tonumber(redis.call('HGET', key, '${SUM}') or '0')`;

/** Looks at the sums of a plan: what stands in each, and whether there is room. */
export const LOOK_AT_SUMS = `local rooms = {}
    for i, each in ipairs(holds and plan.takes or {}) do
      local key, times, limit = keys[each[1]], keys[each[2]], each[3] and tonumber(each[3])
      if times then
        ${TAKE_OVERDUE_AWAY}
        local isReserved = redis.call('HEXISTS', key, each[5]) == 1
        local fits = limit and sum + each[6] <= limit and not redis.call('ZSCORE', times, each[5])
        rooms[i] = { sum, (isReserved or fits) and 1 or 0 }
      else
        local sum = tonumber(redis.call('GET', key) or '0')
        rooms[i] = { sum, sum < limit and 1 or 0 }
      end
      holds = holds and rooms[i][2] == 1
    end`;

/** Takes of the sums of a plan what it names, once there is room in all of them; what is kept is not overdue any more. No sum lives for ever. */
export const TAKE_OF_SUMS = `for _, each in ipairs(plan.takes or {}) do
        local key, times, ttl = keys[each[1]], keys[each[2]], each[4]
        if not times then redis.call('INCR', key)
        elseif not ttl then redis.call('ZREM', times, each[5])
        elseif redis.call('HSETNX', key, each[5], each[6]) == 1 then
          redis.call('HINCRBY', key, '${SUM}', each[6])
          redis.call('ZADD', times, now + each[7], each[5])
          redis.call('PEXPIRE', times, ttl)
        end
        if ttl and redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ttl) end
      end`;

/** What is not there, or not any more, is remembered for a while: its reservation may still be under way. */
export const LOWER_RESERVED = `local function lowerReserved(key, times, member, to, remembered)
    ${TAKE_OVERDUE_AWAY}
    local has = tonumber(redis.call('HGET', key, member) or '0')
    local left = math.min(has, tonumber(to))
    if left < has then redis.call('HINCRBY', key, '${SUM}', left - has) end
    if left > 0 then
      redis.call('HSET', key, member, left)
      return
    end
    redis.call('HDEL', key, member)
    redis.call('ZADD', times, now + remembered, member)
    if redis.call('PTTL', times) < tonumber(remembered) then redis.call('PEXPIRE', times, remembered) end
    end`;

export const READ_RESERVED = `${TAKE_OVERDUE_AWAY}
    return sum`;
