import { verify, type KeyObject } from 'node:crypto';

/**
 * Whether the signature of a token in compact form holds (RFC 8037 §3.1), by Node itself: the library under passport-jwt knows no
 * Ed25519.
 */
export function ed25519Holds(token: string, key: KeyObject): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return verify(null, Buffer.from(token.slice(0, end)), key, signature);
}
