import type { Change, Outcome, Store, StoreClock } from '#libs/store';

export type Commit = (change: Change) => Promise<Outcome>;

/** Commits to the Store, and tells the clock which time the Store has. */
export function clockedCommit(store: Store, clock: StoreClock): Commit {
  return async (change) => {
    const outcome = await store.commit(change);
    clock.note(outcome.nowMs);
    return outcome;
  };
}
