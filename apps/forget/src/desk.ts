import type { RedisInventory, Store } from '#libs/store';
import type { Person } from './person.js';

/** What every part of the erasure works with. */
export interface Desk {
  readonly inventory: RedisInventory;
  readonly store: Store;
  readonly person: Person;
  /** False says what is there, and changes nothing. */
  readonly erases: boolean;
}
