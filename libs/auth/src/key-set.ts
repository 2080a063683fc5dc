import { hash, type KeyObject } from 'node:crypto';
import type { KeyHint } from './issuer-keys.js';
import { keyMisfit } from './key-requirements.js';
import { isForAlgorithm, readPublishedKey, type PublishedKey } from './published-key.js';

const MAX_KEYS = 100;
/** During a roll-over several keys may fit; each that is tried costs a check of a signature. */
const MAX_TRIED = 8;

/** An issuer's published keys, of which those are left that may verify a token. */
export interface KeySet {
  /**
   * The keys that a token with this header may be signed with: where it names an id, all that have this id (RFC 7515 §4.1.4), else all,
   * and of these the ones that fit its algorithm. At most eight.
   */
  readonly keysFor: (hint: KeyHint) => readonly KeyObject[];
  /** The same for the same usable keys, in whatever order they are published. */
  readonly fingerprint: string;
  /** Whether no key is left. */
  readonly isEmpty: boolean;
  /** Which keys are not used, and why. */
  readonly passedOver: readonly string[];
}

/**
 * Reads a JWK Set (RFC 7517 §5). A key that is not understood, or must not be used, is passed over; the others count. Throws when
 * it is no key set.
 */
export function readKeySet(text: string): KeySet {
  const { keys } = (JSON.parse(text) ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the answer is not a key set');
  if (keys.length > MAX_KEYS) throw new Error(`the key set has more than ${MAX_KEYS} keys`);
  const read = keys.map(readPublishedKey).filter((each) => each !== 'not for tokens');
  const usable = read.flatMap((each) => ('key' in each ? [each.key] : []));
  return {
    keysFor: (hint) => keysFor(usable, hint),
    fingerprint: hash('sha256', JSON.stringify(usable.map(printOf).sort())),
    isEmpty: usable.length === 0,
    passedOver: [...new Set(read.flatMap((each) => ('fault' in each ? [each.fault] : [])))],
  };
}

function keysFor(usable: readonly PublishedKey[], { alg, kid }: KeyHint): readonly KeyObject[] {
  return usable
    .filter((each) => (kid === undefined || each.kid === kid) && isForAlgorithm(each, alg))
    .filter(({ key }) => keyMisfit(key, alg) === undefined)
    .slice(0, MAX_TRIED)
    .map(({ key }) => key);
}

function printOf({ kid, alg, key }: PublishedKey): string {
  return JSON.stringify([kid, alg, key.export({ type: 'spki', format: 'der' }).toString('base64')]);
}
