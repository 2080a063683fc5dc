import { followsAccessTokenProfile, type AccessToken } from './access-token.js';
import { InvalidToken } from './auth.problems.js';
import type { Claims } from './claim-path.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** Claims of ID tokens alone (OpenID Connect Core §3.1.3.6, §3.3.2.11, and its sibling for `state`). */
const HASHES = ['at_hash', 'c_hash', 's_hash'];
/** What well-known providers write into tokens that are none to call with: the claim, and the values it has there. */
const OTHER_TOKENS: Readonly<Record<string, readonly string[]>> = {
  // Cognito, and the introspection of Ory Hydra
  token_use: ['id', 'refresh_token'],
  token_type: ['id_token', 'refresh_token'],
  // Keycloak
  typ: ['id', 'refresh', 'offline', 'logout'],
  // Ping AM (ForgeRock)
  tokenName: ['id_token', 'refresh_token'],
};
/** What the same providers write into access tokens. */
const ACCESS_TOKENS: Readonly<Record<string, readonly string[]>> = {
  token_use: ['access', 'access_token'],
  typ: ['bearer', 'dpop'],
  tokenName: ['access_token'],
};

/**
 * Refuses ID tokens by what marks them. A `nonce` does (OpenID Connect Core §2), unless the policy says that this issuer puts it into
 * access tokens too: then something else must mark these. Throws {@link InvalidToken}.
 */
export function requireNoIdToken({ header, payload }: AccessToken, nonce: TrustedIssuer['nonce']): void {
  const mark = HASHES.find((name) => payload[name] !== undefined) ?? markIn(payload, OTHER_TOKENS);
  if (mark !== undefined) throw idToken(`its claim ${mark} says so`);
  if (payload.nonce === undefined || nonce === 'allowed') return;
  if (nonce === 'refused')
    throw idToken(
      'it has a nonce; if its issuer puts one into access tokens, the policy must say allowNonce: true',
    );
  if (!isMarkedAsAccessToken(header, payload))
    throw idToken(
      'it has a nonce and nothing that marks an access token (typ, tokenName, token_use, scope); name what does under require',
    );
}

function isMarkedAsAccessToken(header: AccessToken['header'], claims: Claims): boolean {
  const hasScope = claims.scope !== undefined || claims.scp !== undefined;
  return hasScope || followsAccessTokenProfile(header) || markIn(claims, ACCESS_TOKENS) !== undefined;
}

function markIn(claims: Claims, marks: Readonly<Record<string, readonly string[]>>): string | undefined {
  return Object.keys(marks).find((name) => {
    const value = claims[name];
    return typeof value === 'string' && marks[name]?.includes(value.toLowerCase());
  });
}

function idToken(why: string): InvalidToken {
  return new InvalidToken('not-access-token', `the token is an ID token, not an access token: ${why}`);
}
