/** When the keys of an issuer are fetched again, in milliseconds. */
export interface KeyTimes {
  /** The age at which a set is fetched again, where the issuer says nothing of it. */
  readonly refreshMs: number;
  /** The least and the most that the issuer's own `max-age` counts for. */
  readonly minRefreshMs: number;
  readonly maxRefreshMs: number;
  /** From this age on a set is not used any more. */
  readonly maxAgeMs: number;
  /** The shortest time between two fetches that unknown keys cause. */
  readonly cooldownMs: number;
  /** The same after a fetch that failed. */
  readonly retryMs: number;
  /** How long a fetch may take. */
  readonly timeoutMs: number;
}

const LONGEST_PAUSE_MS = 60_000;

/** The age at which a set is fetched again whose answer had this `max-age`. */
export function refreshAfter(maxAgeMs: number | undefined, times: KeyTimes): number {
  const wanted =
    maxAgeMs === undefined
      ? times.refreshMs
      : Math.min(Math.max(maxAgeMs, times.minRefreshMs), times.maxRefreshMs);
  return Math.min(wanted, times.maxAgeMs);
}

/** The pause before the clock tries again: it doubles up to a minute, or to the usual time where that is shorter. */
export function pauseAfterFailures(failures: number, { retryMs, refreshMs }: KeyTimes): number {
  return Math.min(
    retryMs * 2 ** Math.min(failures - 1, 20),
    Math.max(retryMs, Math.min(refreshMs, LONGEST_PAUSE_MS)),
  );
}
