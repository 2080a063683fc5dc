import { parseArgs } from 'node:util';
import { UsageFault } from './usage.js';

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly timeoutMs: number;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '10' },
} as const;

/** Throws {@link UsageFault}. */
export function readOptions(words: readonly string[]): Options {
  const { help, json, timeout } = parsed(words).values;
  const seconds = /^\d{1,3}$/.test(timeout) ? Number(timeout) : 0;
  if (seconds < 1 || seconds > 300)
    throw new UsageFault('--timeout takes a whole number of seconds, 1 to 300');
  return { help, json, timeoutMs: seconds * 1000 };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true });
  } catch (error) {
    throw new UsageFault((error as Error).message);
  }
}
