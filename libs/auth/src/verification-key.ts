import type { KeyObject } from 'node:crypto';
import type { AccessToken } from './access-token.js';
import { InvalidToken } from './auth.problems.js';
import type { TrustedIssuers } from './trusted-issuers.js';

/**
 * The key that this token must be signed with. The token's `iss` chooses the issuer by exact match, and only
 * that issuer's keys and algorithms count; `jwk`, `jku` and `x5u` of the header are never looked at (RFC 8725
 * §3.10). Throws `InvalidToken` or `IssuerKeysUnavailable`.
 */
export async function verificationKey(issuers: TrustedIssuers, token: AccessToken): Promise<KeyObject> {
  const { issuer, keys } = trustedIssuerOf(issuers, token);
  if (!issuer.algorithms.includes(token.header.alg)) {
    throw new InvalidToken('algorithm', 'the token is signed with an algorithm that its issuer does not use');
  }
  const key = await keys.find(token.header);
  if (!key) throw new InvalidToken('unknown-key', 'the token is signed with an unknown key');
  return key;
}

export function trustedIssuerOf(issuers: TrustedIssuers, { payload }: AccessToken) {
  const trusted = typeof payload.iss === 'string' ? issuers.find(payload.iss) : undefined;
  if (!trusted) throw new InvalidToken('issuer', 'the issuer of the token is not trusted here');
  return trusted;
}
