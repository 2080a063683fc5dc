import type { Reservation, Room, Store } from '#libs/store';

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

/** Reserves an amount for a member. */
export async function reserve(
  store: Store,
  key: string,
  reservation: Reservation,
  limit: number,
  ttlMs = 60_000,
): Promise<Room | undefined> {
  const takes = [{ reserve: key, reservation, limit, ttlMs }];
  return (await store.commit({ conditions: [], takes, writes: [] })).rooms[0];
}

/** Keeps what this member has reserved; whether it had. */
export async function keep(store: Store, key: string, member: string): Promise<boolean> {
  return (await store.commit({ conditions: [], takes: [{ keep: key, member }], writes: [] })).isDone;
}

/** Leaves this member at most so much of what it has reserved. */
export async function lower(store: Store, key: string, member: string, to: number): Promise<void> {
  await store.commit({ conditions: [], writes: [{ lower: key, member, to }] });
}
