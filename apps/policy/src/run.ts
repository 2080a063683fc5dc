import { check } from './check.js';
import { explain } from './explain.js';
import { USAGE, UsageFault } from './usage.js';

const COMMANDS: Readonly<Record<string, (words: readonly string[]) => Promise<boolean> | boolean>> = {
  check,
  explain,
};

/** 0 for valid or allowed, 1 for faulty or refused, 2 for a command that makes no sense. */
export async function run([name = '', ...words]: readonly string[]): Promise<number> {
  try {
    if (['--help', '-h', 'help'].includes(name)) return say(USAGE, 0);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageFault(name === '' ? 'name a command' : `there is no command ${name}`);
    return (await command(words)) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageFault) return say(`${error.message}\n\n${USAGE}`, 2);
    return say(error instanceof Error ? error.message : String(error), 1);
  }
}

function say(text: string, exitCode: number): number {
  (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  return exitCode;
}
