import { RECORD, wordsOf } from './redis-change.js';
import type { StepName, Words } from './redis-steps.js';

/** What is written to try something out is gone after so long, whatever becomes of it. */
export const TTL_MS = 10_000;

/** Where an index and a stream are left behind by the steps. */
export const indexOf = (name: string) => `${name}:index`;
export const streamOf = (name: string) => `${name}:stream`;

/** Every key that the steps leave behind. */
export function keysLeftBy(name: string): string[] {
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

/** The steps of a gateway, each on keys that begin with this name: together they use every command that a gateway sends in its scripts. */
export function stepsToTry(name: string): (readonly [StepName, readonly string[], Words])[] {
  const [sum, turn] = [`${name}:sum`, `${name}:turn`];
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
        { list: indexOf(name), member: 'a', score: 1, minScore: 0, ttlMs: TTL_MS },
        { unlist: indexOf(name), member: 'b' },
        { publish: name, message: '' },
        { append: streamOf(name), record: '1', maxLength: 1 },
      ],
    },
    (key) => key,
  );
  return [
    ['time', [name], []],
    ['commit', keys, [plan]],
    ['get', [name], []],
    ['setIfAbsent', [name], ['1', TTL_MS]],
    ['compareAndSet', [name], ['1', '2', TTL_MS]],
    ['getOrClaim', [name, `${name}:claim`], [0, 'a', TTL_MS]],
    ['incrementWithin', [`${name}:count`], [1, TTL_MS]],
    ['readReserved', [sum, `${sum}:times`], []],
    ['lowerReserved', [sum, `${sum}:times`], ['a', 0, TTL_MS]],
    ['append', [streamOf(name)], [RECORD, '2', 1]],
    ['takeTurn', [turn, `${turn}:waiting`, `${turn}:until`, name], ['a', 'a', TTL_MS, TTL_MS]],
    ['leaveTurn', [`${turn}:waiting`, `${turn}:until`], ['a']],
  ];
}
