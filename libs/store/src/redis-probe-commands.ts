import { movedKey } from './moved-records.js';
import { RECORD, wordsOf } from './redis-change.js';
import type { RedisConnection } from './redis-connection.js';

/** What is written to try something out is gone after so long, whatever becomes of it. */
export const TTL_MS = 10_000;

/** Every key that the commands leave behind. */
function keysLeftBy(name: string): string[] {
  const parts = [
    'index',
    'stream',
    'claim',
    'count',
    'sum',
    'sum:times',
    'turn',
    'turn:waiting',
    'turn:until',
  ];
  return [name, ...parts.map((part) => `${name}:${part}`)];
}

/** The commands of a gateway, by the operations of its Store, on keys that begin with this name: each that it sends, by itself or in a script. */
export function commandsToTry(redis: RedisConnection, name: string): Record<string, () => Promise<unknown>> {
  const [index, stream] = [`${name}:index`, `${name}:stream`];
  const [sum, turn] = [`${name}:sum`, `${name}:turn`];
  const waiting = [`${turn}:waiting`, `${turn}:until`] as const;
  const reservation = { member: 'a', amount: 1, heldMs: TTL_MS };
  const { keys, plan } = wordsOf(
    {
      conditions: [],
      takes: [
        { count: `${name}:count`, limit: 9, ttlMs: TTL_MS },
        { reserve: sum, reservation, limit: 9, ttlMs: TTL_MS },
      ],
      writes: [
        { set: name, value: '1', ttlMs: TTL_MS },
        { list: index, member: 'a', score: 1, minScore: 0, ttlMs: TTL_MS },
        { unlist: index, member: 'b' },
        { lower: sum, member: 'b', to: 0 },
        { publish: name, message: '' },
        { append: stream, record: '1', maxLength: 1 },
      ],
    },
    (key) => key,
  );
  return {
    time: () => redis.timeAt(name),
    commit: () => redis.commit(keys.length, ...keys, plan),
    get: () => redis.get(name),
    set: () => redis.set(name, '1', 'PX', TTL_MS),
    setIfAbsent: () => redis.set(name, '1', 'PX', TTL_MS, 'NX'),
    compareAndSet: () => redis.compareAndSet(name, '1', '2', TTL_MS),
    compareAndDelete: () => redis.compareAndDelete(name, '3'),
    getOrClaim: () => redis.getOrClaim(name, `${name}:claim`, 0, 'a', TTL_MS),
    settleClaim: () => redis.settleClaim(name, `${name}:claim`, '2', '4', TTL_MS, 'a'),
    increment: () => redis.incrementWithin(`${name}:count`, 1, TTL_MS),
    readReserved: () => redis.readReserved(sum, `${sum}:times`),
    append: () => redis.xadd(stream, 'MAXLEN', '~', 1, '*', RECORD, '2'),
    dropOlder: () => redis.dropOlder(stream, movedKey(stream), TTL_MS, 1),
    expiry: () => redis.pexpire(stream, TTL_MS),
    takeTurn: () => redis.takeTurn(turn, ...waiting, name, 'a', 'a', TTL_MS, TTL_MS),
    leaveTurn: () => redis.leaveTurn(...waiting, 'a'),
    readIndex: () => redis.zrange(index, 9, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1),
    readLast: () => redis.xrevrange(stream, '+', '-', 'COUNT', 1),
    delete: () => redis.del(...keysLeftBy(name)),
  };
}
