import { NOW } from './redis-now.js';
import { LOOK_AT_SUMS, LOWER_RESERVED, TAKE_OF_SUMS, timesKey } from './redis-sums.js';
import { LEFT_REMEMBERED_MS } from './reservations.js';
import type { Change, Outcome, Take, Write } from './store.js';

/** The field of a stream's entry that its record stands in. */
export const RECORD = 'record';

/** A change as its script takes it: the keys it is about, and a plan that names them by their place among these. */
interface ChangeWords {
  readonly keys: readonly string[];
  readonly plan: string;
}

/** As the Lua of `commit` reads it. False stands for what is absent. */
export function wordsOf({ conditions, takes, writes, notAfterMs }: Change, full: (key: string) => string) {
  const keys: string[] = [];
  const at = (key: string) => keys.push(full(key));
  const plan = {
    conditions: conditions.map(({ key, is }) => [at(key), is ?? false]),
    takes: takes?.map((take) => takeWords(take, at)),
    writes: writes.map((write) => writeWords(write, at, full)),
    notAfter: notAfterMs === undefined ? false : String(notAfterMs),
  };
  return { keys, plan: JSON.stringify(plan) } satisfies ChangeWords;
}

function takeWords(take: Take, at: (key: string) => number) {
  if ('keep' in take) return [at(take.keep), at(timesKey(take.keep)), false, false, take.member];
  const last = [String(take.limit), String(take.ttlMs)];
  if ('count' in take) return [at(take.count), false, ...last];
  const { member, amount, heldMs } = take.reservation;
  return [at(take.reserve), at(timesKey(take.reserve)), ...last, member, String(amount), String(heldMs)];
}

function writeWords(write: Write, at: (key: string) => number, full: (key: string) => string) {
  if ('set' in write)
    return ['set', at(write.set), write.value, String(write.ttlMs), write.ifAbsent ?? false];
  if ('remove' in write) return ['remove', at(write.remove), write.value ?? false];
  if ('unlist' in write) return ['unlist', at(write.unlist), write.member];
  if ('lower' in write) return ['lower', at(write.lower), at(timesKey(write.lower)), ...loweringOf(write)];
  if ('publish' in write) return ['publish', full(write.publish), write.message];
  if ('append' in write) return ['append', at(write.append), write.record, String(write.maxLength)];
  const least = write.minScore === undefined ? false : `(${write.minScore}`;
  return ['list', at(write.list), String(write.score), write.member, String(write.ttlMs), least];
}

function loweringOf({ member, to }: Extract<Write, { lower: string }>): string[] {
  return [member, String(Math.max(0, to)), String(LEFT_REMEMBERED_MS)];
}

/** What `commit` does, given the plan. */
export const COMMIT = `${NOW}
    ${LOWER_RESERVED}
    local keys, plan = KEYS, cjson.decode(plan)
    local found, holds = {}, not plan.notAfter or now <= tonumber(plan.notAfter)
    for i, condition in ipairs(plan.conditions) do
      found[i] = redis.call('GET', keys[condition[1]])
      if found[i] ~= condition[2] then holds = false end
    end
    ${LOOK_AT_SUMS}
    if holds then
      ${TAKE_OF_SUMS}
      for _, write in ipairs(plan.writes) do
        local what, key = write[1], keys[write[2]]
        if what == 'set' and write[5] then redis.call('SET', key, write[3], 'PX', write[4], 'NX')
        elseif what == 'set' then redis.call('SET', key, write[3], 'PX', write[4])
        elseif what == 'remove' then
          if not write[3] or redis.call('GET', key) == write[3] then redis.call('DEL', key) end
        elseif what == 'list' then
          redis.call('ZADD', key, write[3], write[4])
          if write[6] then redis.call('ZREMRANGEBYSCORE', key, '-inf', write[6]) end
          redis.call('PEXPIRE', key, write[5])
        elseif what == 'unlist' then redis.call('ZREM', key, write[3])
        elseif what == 'lower' then lowerReserved(key, keys[write[3]], write[4], write[5], write[6])
        elseif what == 'append' then redis.call('XADD', key, 'MAXLEN', '~', write[4], '*', '${RECORD}', write[3])
        elseif what == 'publish' then
          -- Who may not publish is told so by the probe; a change is none that stops in the middle.
          redis.pcall('PUBLISH', write[2], write[3])
        end
      end
    end
    return { holds and 1 or 0, now, found, rooms }`;

export type CommitReply = readonly [
  isDone: number,
  nowMs: number,
  found: readonly (string | null)[],
  rooms: readonly (readonly [sum: number, suffices: number])[],
];

export function readOutcome([isDone, nowMs, found, rooms]: CommitReply): Outcome {
  return {
    isDone: isDone === 1,
    nowMs,
    found: found.map((value) => value ?? undefined),
    rooms: rooms.map(([sum, suffices]) => ({ sum, suffices: suffices === 1 })),
  };
}

/** Who waits stands in a list in the order of asking, and in a second one until when. */
export const TAKE_TURN = `${NOW}
    local holder, found = redis.call('GET', key), redis.call('GET', look)
    for _, gone in ipairs(redis.call('ZRANGEBYSCORE', until_, '-inf', now)) do
      redis.call('ZREM', waiting, gone)
    end
    redis.call('ZREMRANGEBYSCORE', until_, '-inf', now)
    local first = redis.call('ZRANGE', waiting, 0, 0)[1]
    if holder == owner or (not holder and (not first or first == waiter)) then
      redis.call('SET', key, owner, 'PX', ttl)
      redis.call('ZREM', waiting, waiter)
      redis.call('ZREM', until_, waiter)
      return { 1, now, found }
    end
    redis.call('ZADD', waiting, 'NX', now, waiter)
    redis.call('ZADD', until_, now + patience, waiter)
    redis.call('PEXPIRE', waiting, ttl + patience)
    redis.call('PEXPIRE', until_, ttl + patience)
    return { 0, now, found }`;
