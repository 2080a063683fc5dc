import type { ClaimPath } from './claim-path.js';

/** Where a claim stands, and how it is read. */
export interface ClaimRule {
  readonly path: ClaimPath;
  /**
   * What of it counts: `words` of a text with spaces, `keys` of an object, a `number` as its digits, or a named member of an object or
   * of each object in a list. Undefined: a text is one name, whatever is in it, and so is each text of a list.
   */
  readonly as?: 'words' | 'keys' | 'number' | { readonly member: ClaimPath } | undefined;
  /** Of what may name one only: which lists do. Left out, none does. */
  readonly list?: 'of-one' | 'first' | undefined;
}

/**
 * Whether a text is a list of words. That is so of OAuth's `scope` (RFC 6749 §3.3), and of no other claim that the policy does not
 * call so: a group may have spaces in its name, and a sentence is no list of roles.
 */
export function isSplit({ path: { steps }, as }: Pick<ClaimRule, 'path' | 'as'>): boolean {
  return as === 'words' || (as === undefined && steps.length === 1 && steps[0] === 'scope');
}
