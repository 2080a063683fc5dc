import type { Store } from '#libs/store';

export interface Subject {
  readonly store: Store;
  /** Lets this much of the store's own time pass. */
  advance(milliseconds: number): Promise<void>;
}

/** Puts a member into a sorted index. */
export async function list(store: Store, key: string, member: string, score: number, minScore?: number) {
  const write = { list: key, member, score, ttlMs: 60_000 };
  await store.commit({ conditions: [], writes: [minScore === undefined ? write : { ...write, minScore }] });
}
