import type { Opening } from './in-flight.watch.js';

/**
 * How long a key whose answer was lost was not settled, each time: from the first word that told nothing, or from when it was sent, if that
 * was later (its client had given up before), until its outcome was written down.
 */
export function settlingTimes(openings: readonly Opening[], lostAtMs: readonly number[]): number[] {
  let since = -Infinity;
  const times: number[] = [];
  for (const { fromMs, untilMs } of openings) {
    const lost = lostAtMs.find((atMs) => atMs > since && atMs < untilMs);
    if (lost !== undefined) times.push(untilMs - Math.max(fromMs, lost));
    since = untilMs;
  }
  return times;
}
