import { createPublicKey, hash, type JsonWebKey } from 'node:crypto';
import { createLocalJWKSet, type JWK } from 'jose';
import { keyWeakness } from './key-requirements.js';

const MAX_KEYS = 100;

/** An issuer's published keys, of which those are left that may verify a token. */
export interface KeySet {
  /** Chooses a key by a token's header (RFC 7517). */
  readonly choose: ReturnType<typeof createLocalJWKSet>;
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
  const candidates = keys.filter(isMeantForTokens);
  const faults = candidates.map(keyFault);
  const usable = candidates.filter((_, index) => faults[index] === undefined);
  return {
    choose: createLocalJWKSet({ keys: usable }),
    fingerprint: hash('sha256', JSON.stringify(usable.map((key) => JSON.stringify(key)).sort())),
    isEmpty: usable.length === 0,
    passedOver: faults.flatMap((fault, index) =>
      fault === undefined ? [] : [`${shown(candidates[index]?.kid)}: ${fault}`],
    ),
  };
}

/** An asymmetric key for signatures. A symmetric key that is published is no secret: whoever reads it could sign with it. */
function isMeantForTokens(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return false;
  const { kty, use } = key as JWK;
  return (kty === 'RSA' || kty === 'EC') && (use === undefined || use === 'sig');
}

function keyFault(key: JWK): string | undefined {
  if (key.d !== undefined) return 'its private part is published';
  try {
    return keyWeakness(createPublicKey({ key: key as JsonWebKey, format: 'jwk' }));
  } catch {
    return 'the key cannot be read';
  }
}

function shown(kid: unknown): string {
  return typeof kid === 'string' ? `key ${JSON.stringify(kid.slice(0, 100))}` : 'a key without id';
}
