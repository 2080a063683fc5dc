import { createHash } from 'node:crypto';
import { SCRIPTS } from '#libs/store';

/** Plain commands that are steps of a print. */
const PLAIN = /^(get|set|del|xadd)$/i;
/** By their hash, as they are sent (`EVALSHA`). */
const SCRIPT_NAMES = new Map(Object.entries(SCRIPTS).map(([name, { lua }]) => [sha1(lua), name]));

/**
 * The step of a print that a command of Redis is, as it is called among those of every print: by its name and the kinds of its keys, without
 * ids. Undefined in what is no step of a print: subscriptions, messages, and what is read at intervals.
 */
export function stepOf(words: readonly string[]): string | undefined {
  const [command = '', first = '', count = '0', ...rest] = words;
  if (PLAIN.test(command)) return named(command.toLowerCase(), [first]);
  if (!/^eval(sha)?$/i.test(command)) return undefined;
  const name = SCRIPT_NAMES.get(command.toLowerCase() === 'eval' ? sha1(first) : first);
  return name && named(name, rest.slice(0, Number(count)));
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function named(name: string, keys: readonly string[]): string {
  return `${name} (${[...new Set(keys.map(kindOf))].join(' ')})`;
}

/** `print-gateway:turn:{<printer>}:open` is `turn:open`. */
function kindOf(key: string): string {
  const parts = key.split(':').slice(1);
  return parts.filter((part) => !/^\{|^\d/.test(part)).join(':');
}
