import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the check passes, and fails with the check's own failure when it does not in time. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  const endsAtMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > endsAtMs) throw error;
    }
    await delay(20);
  }
}
