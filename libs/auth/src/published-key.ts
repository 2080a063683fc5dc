import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isMap, kindOf } from './claim-path.js';
import { isEd25519, keyWeakness } from './key-requirements.js';

/** A key of a key set that may verify tokens. */
export interface PublishedKey {
  readonly kid: string | undefined;
  /** The one algorithm that it is for, where it names one (RFC 7517 §4.4). */
  readonly alg: string | undefined;
  readonly key: KeyObject;
}

type Read = { readonly key: PublishedKey } | { readonly fault: string } | 'not for tokens';

/**
 * Reads an entry of a key set (RFC 7517 §4). Members that are null or empty count as left out, as some providers write them. What is
 * not for signatures is nothing to be said about.
 */
export function readPublishedKey(entry: unknown): Read {
  if (!isMap(entry)) return { fault: `an entry of the key set is ${kindOf(entry)}` };
  const [kty, use, kid, alg] = ['kty', 'use', 'kid', 'alg'].map((name) => textOf(entry[name]));
  const named = kid === undefined ? 'a key without id' : `key ${JSON.stringify(kid.slice(0, 100))}`;
  if (use === 'enc' || isForOtherThanVerifying(entry.key_ops)) return 'not for tokens';
  const fault = faultOf(entry, kty, use);
  if (fault !== undefined) return { fault: `${named}: ${fault}` };
  try {
    const key = createPublicKey({ key: entry as JsonWebKey, format: 'jwk' });
    const weakness = keyWeakness(key);
    return weakness === undefined
      ? { key: { kid: idOf(entry.kid), alg, key } }
      : { fault: `${named}: ${weakness}` };
  } catch {
    return { fault: `${named}: the key cannot be read` };
  }
}

/** Whether a key of this `alg` may verify a token of that one. */
export function isForAlgorithm({ alg }: PublishedKey, algorithm: string): boolean {
  return alg === undefined || alg === algorithm || (isEd25519(alg) && isEd25519(algorithm));
}

/** A symmetric key that is published is no secret: whoever reads it could sign with it. */
function faultOf(
  entry: Record<string, unknown>,
  kty: string | undefined,
  use: string | undefined,
): string | undefined {
  if (use !== undefined && use !== 'sig') return 'its use is neither sig nor enc';
  if (kty === 'oct') return 'a symmetric key is published, which is no secret then';
  if (kty === 'OKP' && entry.crv !== 'Ed25519') return 'its crv is not Ed25519';
  if (!['RSA', 'EC', 'OKP'].includes(kty ?? '')) return 'its kty is none of RSA, EC and OKP';
  return (entry.d ?? undefined) === undefined ? undefined : 'its private part is published';
}

function isForOtherThanVerifying(operations: unknown): boolean {
  return Array.isArray(operations) && operations.length > 0 && !operations.includes('verify');
}

function textOf(member: unknown): string | undefined {
  return typeof member === 'string' && member !== '' ? member : undefined;
}

/** An id may be empty: a token can name just that. */
function idOf(kid: unknown): string | undefined {
  return typeof kid === 'string' ? kid : undefined;
}
