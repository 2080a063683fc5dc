import { followsAccessTokenProfile, type AccessToken } from './access-token.js';
import { InvalidToken } from './auth.problems.js';
import { claimPath, type Claims } from './claim-path.js';
import type { ClaimRule } from './claim-rule.js';
import { confirmationOf } from './confirmation.js';
import { distributedRoleClaim } from './distributed-roles.js';
import { requireNoIdToken } from './id-token-marks.js';
import { optionalName, requiredName } from './name-claims.js';
import type { Principal } from './principal.js';
import { requireAudience, requireValues } from './required-claims.js';
import { rolesIn } from './role-claims.js';
import { requireCurrent, requiredEnd } from './token-times.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** Where tokens name their client, unless the policy says otherwise: RFC 9068 §2.2, and OpenID Connect Core §2. */
const CLIENT_ID: ClaimRule = { path: claimPath('client_id') };
const USUAL_CLIENT = [CLIENT_ID, { path: claimPath('azp') }];

/**
 * Turns verified claims into the caller, holding them to what signature libraries leave open: an end, an
 * audience, what the policy names, no mark of an ID token, and to its times. Throws {@link InvalidToken}.
 */
export function readPrincipal(
  token: AccessToken,
  issuer: TrustedIssuer,
  { clockToleranceSeconds }: { readonly clockToleranceSeconds: number },
): Principal {
  const { payload: claims } = token;
  requireNoIdToken(token, issuer.nonce);
  requireAudience(claims, issuer.claims.audience, issuer.audiences);
  const endSeconds = requiredEnd(claims);
  requireCurrent(claims, endSeconds, clockToleranceSeconds);
  requireValues(claims, issuer.requiredClaims);
  const isProfile = followsAccessTokenProfile(token.header);
  if (isProfile) requireProfileClaims(claims);
  const { subject, tenant } = issuer.claims;
  return {
    issuer: issuer.issuer,
    subject: requiredName(claims, subject, 'subject'),
    tenant: tenant && requiredName(claims, tenant, 'tenant'),
    clientId: clientOf(claims, issuer.claims.client, isProfile),
    roles: rolesIn(claims, issuer),
    distributedRoles: distributedRoleClaim(claims, issuer.claims.roles),
    confirmation: confirmationOf(claims, issuer),
    expiresAtMs: endSeconds * 1000,
  };
}

/** RFC 9068 §2.2: what a token of that type always carries, beside the names for which the policy says where they are. */
function requireProfileClaims(claims: Claims): void {
  const missing = ['iat', 'jti'].filter((name) => claims[name] == null);
  if (missing.length > 0) throw new InvalidToken('claims', `an at+jwt token needs ${missing.join(', ')}`);
}

/** Required where the policy names its claim, and where the type of the token promises one (RFC 9068 §2.2). */
function clientOf(claims: Claims, named: ClaimRule | undefined, isProfile: boolean): string | undefined {
  if (named) return requiredName(claims, named, 'client');
  return isProfile ? requiredName(claims, CLIENT_ID, 'client') : optionalName(claims, USUAL_CLIENT, 'client');
}
