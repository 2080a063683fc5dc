import type { Room, Store, Take } from '#libs/store';

interface Demand {
  readonly take: Take;
  refusalOf(room: Room): Error | undefined;
}

/** Takes what is demanded for nothing else. Throws what it is refused with. */
export async function take(store: Store, demand: Demand): Promise<void> {
  const { rooms } = await store.commit({ conditions: [], takes: [demand.take], writes: [] });
  const refusal = rooms[0] && demand.refusalOf(rooms[0]);
  if (refusal) throw refusal;
}

/** Keeps what was taken; whether it stands. */
export async function keep(store: Store, kept: Take): Promise<boolean> {
  return (await store.commit({ conditions: [], takes: [kept], writes: [] })).isDone;
}
