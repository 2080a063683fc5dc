import { counterPatternsOf } from '#libs/limits';
import type { Desk } from './desk.js';

/** Takes the counts of the person's cards and requests away; how many keys they are. */
export async function eraseCounters({ inventory, store, person, erases }: Desk): Promise<number> {
  const found = new Set<string>();
  for (const pattern of person.identities.flatMap(counterPatternsOf))
    for await (const keys of inventory.keys(pattern)) {
      for (const key of keys) found.add(key);
      if (erases) await Promise.all(keys.map((key) => store.delete(key)));
    }
  return found.size;
}
