import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Identity } from '#libs/contract';
import { UsageFault } from './usage.js';

const OPTIONS = {
  ...{ issuer: { type: 'string' }, subject: { type: 'string' }, tenant: { type: 'string' } },
  ...{ erase: { type: 'boolean' } },
} as const satisfies ParseArgsConfig['options'];

export interface ForgetOptions {
  readonly sought: Identity;
  /** False says what is there, and changes nothing. */
  readonly erases: boolean;
}

/** Throws {@link UsageFault}. */
export function readOptions(words: readonly string[]): ForgetOptions {
  const { issuer, subject, tenant, erase = false } = parsed(words);
  const person = { issuer: required('--issuer', issuer), subject: required('--subject', subject) };
  if (tenant === '') throw new UsageFault('--tenant is empty: leave it out for every tenant');
  return { sought: { ...person, tenant }, erases: erase };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageFault((error as Error).message);
  }
}

function required(option: string, text: string | undefined): string {
  if (!text) throw new UsageFault(`name the ${option}`);
  return text;
}
