import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a minute of the clock begins, where less than this is left of the present one. */
export async function withinOneMinute(neededMs = 8_000): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < neededMs) await delay(leftMs + 50);
}
