import { InvalidToken } from './auth.problems.js';
import type { Claims } from './claim-path.js';

/** 9999-12-31, in seconds: a later end is no date. */
const LATEST_DATE = 253_402_300_799;

/** When the token ends, in seconds since the epoch. Throws {@link InvalidToken} where it does not say so. */
export function requiredEnd({ exp }: Claims): number {
  if (typeof exp !== 'number' || exp <= 0 || exp > LATEST_DATE)
    throw new InvalidToken('claims', 'the token has no valid end: its claim exp must be a date in seconds');
  return exp;
}

/**
 * RFC 7519 §4.1.4 to §4.1.6: not ended, valid already, and not issued in the future. Throws {@link InvalidToken}, which says how far the
 * clocks are apart.
 */
export function requireCurrent({ iat, nbf }: Claims, endSeconds: number, toleranceSeconds: number): void {
  const nowSeconds = Date.now() / 1000;
  if (nowSeconds >= endSeconds + toleranceSeconds) throw new InvalidToken('expired', 'the token has expired');
  for (const [name, time, fault] of [
    ['nbf', nbf, 'is not valid yet'],
    ['iat', iat, 'was issued in the future'],
  ] as const) {
    if (time === undefined) continue;
    if (typeof time !== 'number')
      throw new InvalidToken('claims', `the claim ${name} of the token is not a date in seconds`);
    const ahead = time - nowSeconds;
    if (!(ahead <= toleranceSeconds))
      throw new InvalidToken('not-yet-valid', earlier(name, fault, ahead, toleranceSeconds));
  }
}

function earlier(name: string, fault: string, aheadSeconds: number, toleranceSeconds: number): string {
  const ahead = `its ${name} is ${Math.ceil(aheadSeconds)} s ahead of the gateway's clock`;
  return `the token ${fault}: ${ahead}, and ${toleranceSeconds} s are tolerated (AUTH_CLOCK_TOLERANCE_SECONDS)`;
}
