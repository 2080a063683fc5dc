import { followsAccessTokenProfile, type AccessToken } from './access-token.js';
import { InvalidToken } from './auth.problems.js';
import { optionalName, requiredName, valueAt } from './name-claims.js';
import type { Principal } from './principal.js';
import type { TrustedIssuer } from './trusted-issuer.js';

type Claims = AccessToken['payload'];

const MAX_ROLES = 500;
/** 9999-12-31, in seconds: a later end is no date. */
const LATEST_DATE = 253_402_300_799;

/**
 * Turns verified claims into the caller, holding them to what signature libraries leave open: an end, an
 * audience, usable names, no mark of an ID token, and to its times. Throws {@link InvalidToken}.
 */
export function readPrincipal(
  token: AccessToken,
  issuer: TrustedIssuer,
  { clockToleranceSeconds }: { readonly clockToleranceSeconds: number },
): Principal {
  const claims = token.payload;
  requireNoIdToken(claims);
  requireAudience(claims, issuer.audiences);
  const endSeconds = requiredEnd(claims);
  requireCurrent(claims, endSeconds, clockToleranceSeconds);
  if (followsAccessTokenProfile(token.header)) requireProfileClaims(claims);
  return {
    issuer: issuer.issuer,
    subject: requiredName(claims, issuer.claims.subject, 'subject'),
    tenant:
      issuer.claims.tenant === undefined ? undefined : requiredName(claims, issuer.claims.tenant, 'tenant'),
    clientId: optionalName(claims, ['client_id', 'azp'], 'client'),
    roles: readRoles(claims, issuer),
    expiresAtMs: endSeconds * 1000,
  };
}

/** OpenID Connect Core §2 and §3.1.3.6, and the marks by which well-known providers tell their ID tokens apart. */
function requireNoIdToken(claims: Claims): void {
  const marked = ['nonce', 'at_hash', 'c_hash', 's_hash'].some((name) => claims[name] !== undefined);
  if (marked || claims.token_use === 'id' || claims.typ === 'ID') {
    throw new InvalidToken('not-access-token', 'the token is an ID token, not an access token');
  }
}

function requireAudience(claims: Claims, accepted: readonly string[]): void {
  const named: unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (!named.some((audience) => accepted.includes(audience as string))) {
    throw new InvalidToken('audience', 'the token is meant for another audience');
  }
}

/** RFC 7519 §4.1.4 to §4.1.6: not ended, valid already, and not issued in the future. */
function requireCurrent({ iat, nbf }: Claims, endSeconds: number, toleranceSeconds: number): void {
  const nowSeconds = Date.now() / 1000;
  if (nowSeconds >= endSeconds + toleranceSeconds) throw new InvalidToken('expired', 'the token has expired');
  const isPast = (time: unknown) =>
    time === undefined || (typeof time === 'number' && time <= nowSeconds + toleranceSeconds);
  if (!isPast(nbf)) throw new InvalidToken('not-yet-valid', 'the token is not valid yet');
  if (!isPast(iat)) throw new InvalidToken('not-yet-valid', 'the token was issued in the future');
}

/** RFC 9068 §2.2: what a token of that type always carries. */
function requireProfileClaims(claims: Claims): void {
  const missing = ['client_id', 'iat', 'jti', 'sub'].filter((name) => claims[name] == null);
  if (missing.length > 0) throw new InvalidToken('claims', `an at+jwt token needs ${missing.join(', ')}`);
}

function requiredEnd(claims: Claims): number {
  const { exp } = claims;
  if (typeof exp !== 'number' || exp <= 0 || exp > LATEST_DATE)
    throw new InvalidToken('claims', 'the token has no valid end');
  return exp;
}

function readRoles(claims: Claims, issuer: TrustedIssuer): string[] {
  const named = issuer.claims.roles.flatMap((path) => namesIn(valueAt(claims, path))).slice(0, MAX_ROLES);
  return [...new Set(named.map((name) => issuer.roleMapping.get(name) ?? name))];
}

/** Roles stand as an array of texts, or as one text with spaces, as OAuth's `scope` does (RFC 6749 §3.3). */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter((name) => name !== '');
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}
