import { setTimeout as delay } from 'node:timers/promises';
import { RedisStore, StoreUnavailable, type RedisTarget, type StoreConfig } from '#libs/store';

const OPENS_WITHIN_MS = 10_000;
const LOOK_MS = 20;

/** The state of the gateways, once it answers. Throws `StoreUnavailable` where it does not in ten seconds. */
export async function openStore(target: RedisTarget, config: StoreConfig): Promise<RedisStore> {
  const store = new RedisStore(target, config);
  for (const untilMs = performance.now() + OPENS_WITHIN_MS; !store.isUp; await delay(LOOK_MS))
    if (performance.now() > untilMs) {
      await store.close();
      throw new StoreUnavailable();
    }
  return store;
}
