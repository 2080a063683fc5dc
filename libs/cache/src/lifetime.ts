/**
 * How long an answer may be used, in milliseconds from when it was stored (RFC 5861): as it is for `freshMs`; for
 * `staleWhileRevalidateMs` more, while one request fetches a new one; for `staleIfErrorMs` after it was fresh, when the
 * upstream fails.
 */
export interface Lifetime {
  readonly freshMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
}

export type Freshness = 'fresh' | 'stale' | 'on-error' | 'over';

/** What an answer of this age may be used for. */
export function freshnessAt(
  ageMs: number,
  { freshMs, staleWhileRevalidateMs, staleIfErrorMs }: Lifetime,
): Freshness {
  if (ageMs < freshMs) return 'fresh';
  if (ageMs < freshMs + staleWhileRevalidateMs) return 'stale';
  return ageMs < freshMs + staleIfErrorMs ? 'on-error' : 'over';
}

/** From when on an answer is of no use at all. */
export function wholeLifeMs({ freshMs, staleWhileRevalidateMs, staleIfErrorMs }: Lifetime): number {
  return freshMs + Math.max(staleWhileRevalidateMs, staleIfErrorMs);
}
