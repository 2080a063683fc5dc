import type { KeyObject } from 'node:crypto';

/** Below it a key can be factored (RFC 7518 §3.3, §3.5); above, each forged token costs milliseconds to refuse. */
const RSA_BITS = { min: 2_048, max: 8_192 };
const MAX_RSA_EXPONENT = 2n ** 32n;

const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

/** What makes an asymmetric key too weak, or too dear, for any algorithm; undefined when nothing does. */
export function keyWeakness({ asymmetricKeyDetails = {} }: KeyObject): string | undefined {
  const { modulusLength: bits, publicExponent: exponent } = asymmetricKeyDetails;
  if (bits === undefined || exponent === undefined) return undefined;
  if (bits < RSA_BITS.min) return `the RSA key has ${bits} bits; at least ${RSA_BITS.min} are needed`;
  if (bits > RSA_BITS.max) return `the RSA key has ${bits} bits; at most ${RSA_BITS.max} are possible`;
  // With 1 the signature is the message itself; an even one has no inverse.
  const isSound = exponent >= 3n && exponent % 2n === 1n && exponent < MAX_RSA_EXPONENT;
  return isSound ? undefined : 'the public exponent of the RSA key is not an odd number from 3 to 2^32';
}

/** One algorithm with two names: that of RFC 8037 §3.1, which stands for Ed448 too, and that of RFC 9864 §2.2. */
const ED25519 = ['EdDSA', 'Ed25519'];

export function isEd25519(algorithm: string): boolean {
  return ED25519.includes(algorithm);
}

/** Why this key cannot verify this algorithm (RFC 7518 §3.2 to §3.5, RFC 8037 §3.1); undefined when it can. */
export function keyMisfit(key: KeyObject, algorithm: string): string | undefined {
  const family = algorithm.slice(0, 2);
  if (family === 'HS') return secretMisfit(key, algorithm);
  if (family === 'ES') return curveMisfit(key, algorithm);
  const { asymmetricKeyType: type } = key;
  if (isEd25519(algorithm)) return type === 'ed25519' ? undefined : `${algorithm} needs an Ed25519 key`;
  return type === 'rsa' || isBoundTo(key, algorithm) ? undefined : `${algorithm} needs an RSA key`;
}

function curveMisfit(
  { asymmetricKeyDetails: details = {} }: KeyObject,
  algorithm: string,
): string | undefined {
  const curve = CURVES[algorithm];
  return details.namedCurve === curve ? undefined : `${algorithm} needs an EC key on the curve ${curve}`;
}

/** A key that is for RSA-PSS alone names the one hash that it is for. */
function isBoundTo(
  { asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject,
  algorithm: string,
) {
  const isBound = type === 'rsa-pss' && details.hashAlgorithm === `sha${algorithm.slice(2)}`;
  return algorithm.startsWith('PS') && isBound;
}

function secretMisfit(key: KeyObject, algorithm: string): string | undefined {
  const bytes = Number(algorithm.slice(2)) / 8;
  return (key.symmetricKeySize ?? 0) >= bytes
    ? undefined
    : `${algorithm} needs a secret of at least ${bytes} bytes`;
}
