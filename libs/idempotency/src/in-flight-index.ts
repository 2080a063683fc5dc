import type { Store, Write } from '#libs/store';

/** `open` is what earlier versions, and commands that look at Redis, know it by. */
const INDEX = 'submissions:open';
const MAX_LISTED = 2_000;
const SEPARATOR = ' ';

/** Names what was or is about to be sent: the same key may be claimed anew, so its id alone does not name it. */
export interface InFlightRef {
  readonly id: string;
  readonly token: string;
}

export function encodeRef({ id, token }: InFlightRef): string {
  return id + SEPARATOR + token;
}

export function decodeRef(text: string): InFlightRef {
  const [id = '', token = ''] = text.split(SEPARATOR);
  return { id, token };
}

/** Lists what is about to be sent among what has no known end yet. */
export function addToIndex(ref: InFlightRef, dispatchedAtMs: number, ttlMs: number): Write {
  return { list: INDEX, member: encodeRef(ref), score: dispatchedAtMs, ttlMs };
}

/** Its end is known: it is not among them any more. */
export function removeFromIndex(ref: InFlightRef): Write {
  return { unlist: INDEX, member: encodeRef(ref) };
}

/** What was sent and has no known end yet, over all gateways, newest first; not complete when there are more than anybody could look through. */
export async function readInFlightIndex(store: Store): Promise<{ refs: InFlightRef[]; isComplete: boolean }> {
  const entries = await store.readIndex(INDEX, Infinity, MAX_LISTED);
  return {
    refs: entries.map(({ member }) => decodeRef(member)),
    isComplete: entries.length < MAX_LISTED,
  };
}
