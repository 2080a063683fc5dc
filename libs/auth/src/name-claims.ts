import { InvalidToken } from './auth.problems.js';
import { isMap, kindOf, valueAt, type Claims } from './claim-path.js';
import type { ClaimRule } from './claim-rule.js';

const MAX_NAME_LENGTH = 255;
/** Control characters, and what ends a line or a paragraph without being one of them. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A claim that identity rests on. Whoever cannot be told from another caller is nobody, so what is no name is never taken for
 * "no name". Names are compared exactly, as they are (RFC 7519 §2); `fact` says what the claim names. Throws {@link InvalidToken},
 * which says which claim it is, what is wrong with it and what would be right, and not its value.
 */
export function requiredName(claims: Claims, rule: ClaimRule, fact: string): string {
  const { value, fault } = nameIn(valueAt(claims, rule.path), rule);
  const wrong = fault ?? nameFault(value, rule);
  if (wrong === undefined) return String(value);
  const claim = `its claim ${rule.path.name} ${wrong}`;
  throw new InvalidToken('claims', `the token names no ${fact}: ${claim}; it must be ${wanted(rule)}`);
}

/** The same of the first of these claims that is there; undefined when none is. */
export function optionalName(claims: Claims, rules: readonly ClaimRule[], fact: string): string | undefined {
  const rule = rules.find(({ path }) => valueAt(claims, path) != null);
  return rule && requiredName(claims, rule, fact);
}

/** The one value that names, or why there is none. */
function nameIn(found: unknown, { as, list }: ClaimRule): { value?: unknown; fault?: string } {
  if (as === 'keys') return keyOf(found);
  const value: unknown = Array.isArray(found) && isTaken(found, list) ? found[0] : found;
  if (typeof as !== 'object') return { value };
  return isMap(value) ? { value: valueAt(value, as.member) } : { fault: `is ${kindOf(found)}` };
}

function keyOf(found: unknown): { value?: unknown; fault?: string } {
  if (!isMap(found)) return { fault: `is ${kindOf(found)}` };
  const [key, ...more] = Object.keys(found);
  const isOne = key !== undefined && more.length === 0;
  return isOne ? { value: key } : { fault: `is an object with ${key === undefined ? 'no' : 'several'} keys` };
}

function isTaken(found: readonly unknown[], list: ClaimRule['list']): boolean {
  return found.length === 1 ? list !== undefined : list === 'first' && found.length > 1;
}

function wanted({ as, list }: ClaimRule): string {
  const name = as === 'number' ? 'a whole number' : `a text of 1 to ${MAX_NAME_LENGTH} characters`;
  if (as === 'keys') return `an object with one key, which is ${name}`;
  const one = typeof as === 'object' ? `an object whose ${as.member.name} is ${name}` : name;
  return list === undefined ? one : `${one}, or a list of ${list === 'first' ? 'these' : 'one'}`;
}

function nameFault(value: unknown, { as }: ClaimRule): string | undefined {
  if (as === 'number') return numberFault(value);
  return typeof value === 'string' ? textFault(value) : `is ${kindOf(value)}`;
}

/** Beyond 2^53 two numbers of a token may be read as the same. */
function numberFault(value: unknown): string | undefined {
  if (typeof value !== 'number') return `is ${kindOf(value)}`;
  return Number.isSafeInteger(value) ? undefined : 'is a number that is not whole, or above 2^53';
}

function textFault(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > MAX_NAME_LENGTH) return `is longer than ${MAX_NAME_LENGTH} characters`;
  // Half a character is written as the same bytes as any other half, in Redis as in a log.
  if (!isWellFormed(text)) return 'is not well-formed Unicode';
  if (CONTROL.test(text)) return 'contains control characters';
  return VISIBLE.test(text) ? undefined : 'is blank';
}

/** Without a surrogate that stands alone. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
