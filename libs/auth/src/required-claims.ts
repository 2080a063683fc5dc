import { InvalidToken } from './auth.problems.js';
import { kindOf, valueAt, type ClaimPath, type Claims } from './claim-path.js';
import { isSplit } from './claim-rule.js';

type Value = string | number | boolean;

/** A claim that must have one of these values, or, where it is a list, must have one in it. */
export interface RequiredClaim {
  readonly path: ClaimPath;
  readonly values: readonly Value[];
}

/** RFC 7519 §4.1.3: the token is meant for this gateway. Throws {@link InvalidToken}. */
export function requireAudience(claims: Claims, path: ClaimPath, accepted: readonly string[]): void {
  const found = valueAt(claims, path);
  if (hasOneOf(found, accepted)) return;
  throw new InvalidToken(
    'audience',
    `the token is meant for another audience: its claim ${path.name} is ${withoutIt(found)} the policy names for its issuer`,
  );
}

/** Holds the claims to the values that the policy wants. Throws {@link InvalidToken}. */
export function requireValues(claims: Claims, required: readonly RequiredClaim[]): void {
  for (const { path, values } of required) {
    const found = valueAt(claims, path);
    const words = typeof found === 'string' && isSplit({ path }) ? found.split(' ') : found;
    if (hasOneOf(words, values)) continue;
    throw new InvalidToken(
      'claims',
      `the token is not one that the policy takes: its claim ${path.name} is ${withoutIt(found)} the policy requires`,
    );
  }
}

function hasOneOf(found: unknown, accepted: readonly Value[]): boolean {
  const values: unknown[] = Array.isArray(found) ? found : [found];
  return values.some((value) => accepted.includes(value as Value));
}

function withoutIt(found: unknown): string {
  const kind = kindOf(found);
  if (found == null) return `${kind}; it must be one that`;
  return Array.isArray(found) ? `${kind} without one that` : `${kind}, but none that`;
}
