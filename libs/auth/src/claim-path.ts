import type { AccessToken } from './access-token.js';

export type Claims = AccessToken['payload'];

/** Where in a token's claims something stands. */
export interface ClaimPath {
  /** As the policy writes it. */
  readonly name: string;
  /** A member at the top with just this name wins over the steps: some providers name claims by a URL. */
  readonly whole: string | undefined;
  /** The names of members, from the outermost on. */
  readonly steps: readonly string[];
}

/** Dots that no backslash stands before. */
const STEP = /(?:\\.|[^.\\])+|\\$/g;

/** A path as a text, whose dots divide it unless a backslash stands before them (`\.`), or as a list of names. */
export function claimPath(written: string | readonly string[]): ClaimPath {
  if (typeof written !== 'string')
    return { name: JSON.stringify(written), whole: undefined, steps: [...written] };
  const steps = (written.match(STEP) ?? []).map(unescaped);
  return { name: written, whole: unescaped(written), steps };
}

/** What stands there; undefined where nothing does. */
export function valueAt(claims: Claims, { whole, steps }: ClaimPath): unknown {
  if (whole !== undefined && Object.hasOwn(claims, whole)) return claims[whole];
  return steps.reduce<unknown>((value, name) => (isMap(value) ? memberOf(value, name) : undefined), claims);
}

export function isMap(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a claim was found to be, in words that say nothing of its value. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isMap(value) ? 'an object' : `a ${typeof value}`;
}

function memberOf(value: Claims, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([.\\])/g, '$1');
}
