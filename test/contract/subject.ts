import type { Store } from '#libs/store';

export interface Subject {
  readonly store: Store;
  /** Lets this much of the store's own time pass. */
  advance(milliseconds: number): Promise<void>;
}
