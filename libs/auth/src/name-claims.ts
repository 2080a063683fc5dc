import type { AccessToken } from './access-token.js';
import { InvalidToken } from './auth.problems.js';

type Claims = AccessToken['payload'];

const MAX_NAME_LENGTH = 255;
/** Control characters, and what ends a line or a paragraph without being one of them. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A claim that identity rests on. Whoever cannot be told from another caller is nobody, so what is no name is never taken for
 * "no name". Names are compared exactly, as they are (RFC 7519 §2); `fact` says what the claim names. Throws {@link InvalidToken},
 * which says which claim it is and what is wrong with it, and not its value.
 */
export function requiredName(claims: Claims, path: string, fact: string): string {
  const value = valueAt(claims, path);
  const fault = nameFault(value);
  if (fault !== undefined)
    throw new InvalidToken('claims', `the token names no ${fact}: its claim ${path} ${fault}`);
  return value as string;
}

/** The same of the first of these claims that is there; undefined when none is. */
export function optionalName(claims: Claims, paths: readonly string[], fact: string): string | undefined {
  const path = paths.find((each) => valueAt(claims, each) != null);
  return path === undefined ? undefined : requiredName(claims, path, fact);
}

/** A member whose whole name is the path wins over the path: some providers name claims by a URL. */
export function valueAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((value, name) => memberOf(value, name), claims);
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Claims)[name] : undefined;
}

function nameFault(value: unknown): string | undefined {
  return typeof value === 'string' ? textFault(value) : `is ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
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
