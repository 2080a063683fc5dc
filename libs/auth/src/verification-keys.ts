import type { KeyObject } from 'node:crypto';
import type { AccessToken } from './access-token.js';
import { InvalidToken } from './auth.problems.js';
import { isEd25519 } from './key-requirements.js';
import type { TrustedIssuers } from './trusted-issuers.js';

/**
 * The keys of which one must have signed this token. The token's `iss` chooses the issuer by exact match, and only
 * that issuer's keys and algorithms count; `jwk`, `jku` and `x5u` of the header are never looked at (RFC 8725
 * §3.10). Throws `InvalidToken` or `IssuerKeysUnavailable`.
 */
export async function verificationKeys(
  issuers: TrustedIssuers,
  token: AccessToken,
): Promise<readonly KeyObject[]> {
  const { issuer, keys } = trustedIssuerOf(issuers, token);
  if (!isAmong(issuer.algorithms, token.header.alg)) {
    throw new InvalidToken('algorithm', 'the token is signed with an algorithm that its issuer does not use');
  }
  const found = await keys.find(token.header);
  if (found.length === 0) throw new InvalidToken('unknown-key', 'the token is signed with an unknown key');
  return found;
}

function isAmong(algorithms: readonly string[], algorithm: string): boolean {
  return algorithms.some((each) => each === algorithm || (isEd25519(each) && isEd25519(algorithm)));
}

export function trustedIssuerOf(issuers: TrustedIssuers, { payload }: AccessToken) {
  const trusted = typeof payload.iss === 'string' ? issuers.find(payload.iss) : undefined;
  if (!trusted) throw new InvalidToken('issuer', 'the issuer of the token is not trusted here');
  return trusted;
}
