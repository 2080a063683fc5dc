import type { Claim } from './claim.machine.js';
import { namesItsKey } from './fingerprint.js';

/**
 * Stands before a claim whose fingerprint names its key. A gateway of an earlier version, which may run beside this one during an upgrade,
 * would take such a fingerprint for that of another body, and answer 422 to a retry; so it must not be able to read it.
 */
const MARK = '2:';

/** As it stands in the Store: always the same text for the same claim, for steps compare it. */
export function encodeClaim(claim: Claim): string {
  return (namesItsKey(claim.fingerprint) ? MARK : '') + JSON.stringify(claim);
}

export function decodeClaim(text: string | undefined): Claim | undefined {
  if (text === undefined) return undefined;
  return JSON.parse(text.startsWith(MARK) ? text.slice(MARK.length) : text) as Claim;
}
