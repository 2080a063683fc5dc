import { parseVendorDate } from './vendor-date.js';

/** An auth token and the part of its life that is left, measured on our own clock. */
export interface AuthToken {
  readonly value: string;
  /** From here on it is renewed ahead of its end, while it still serves. */
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/** A token that says it has ended already is tried for so long: the upstream's word counts, not the clocks. */
const LEAST_LIFE_MS = 30_000;
/** Renewed when this share of its life is over. */
const RENEWAL_SHARE = 0.8;

/**
 * Reads the answer of `authenticate` (issuance-api 5.46, `AdminApiAuthenticationResult`), or undefined when it
 * carries no token. The life is taken from the upstream's own two times, so a clock that is off does not matter.
 */
export function readAuthToken(result: unknown, nowMs: number): AuthToken | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { authToken, creationTime, expirationTime } = result as Record<string, unknown>;
  if (typeof authToken !== 'string' || !/^[\x21-\x7e]+$/.test(authToken)) return undefined;
  const lifeMs = lifeOf(parseVendorDate(creationTime) ?? nowMs, parseVendorDate(expirationTime));
  return { value: authToken, renewAtMs: nowMs + lifeMs * RENEWAL_SHARE, expiresAtMs: nowMs + lifeMs };
}

function lifeOf(createdAtMs: number, expiresAtMs: number | undefined): number {
  const lifeMs = expiresAtMs === undefined ? 0 : expiresAtMs - createdAtMs;
  return lifeMs > 0 ? lifeMs : LEAST_LIFE_MS;
}
