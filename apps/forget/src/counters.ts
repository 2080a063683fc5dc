import { counterPatternsOf } from '#libs/limits';
import type { Desk } from './desk.js';

/** Takes the counts of the person's cards and requests away, of each tenant where the person was met so far; the keys that they are. */
export async function eraseCounters({
  inventory,
  store,
  person,
  erases,
}: Desk): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const pattern of person.identities.flatMap(counterPatternsOf))
    for await (const keys of inventory.keys(pattern)) {
      for (const key of keys) found.add(key);
      if (erases) await Promise.all(keys.map((key) => store.delete(key)));
    }
  return found;
}
