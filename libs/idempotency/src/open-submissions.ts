import type { Store, Write } from '#libs/store';

const INDEX = 'submissions:open';
const MAX_LISTED = 2_000;
const SEPARATOR = ' ';

/** A claim that was or is about to be sent: the same key may be claimed anew, so its id alone does not name it. */
export interface Sending {
  readonly id: string;
  readonly token: string;
}

export function nameOf({ id, token }: Sending): string {
  return id + SEPARATOR + token;
}

export function sendingOf(name: string): Sending {
  const [id = '', token = ''] = name.split(SEPARATOR);
  return { id, token };
}

/** Lists what is about to be sent among what has no known end yet. */
export function listAsOpen(sending: Sending, dispatchedAtMs: number, ttlMs: number): Write {
  return { list: INDEX, member: nameOf(sending), score: dispatchedAtMs, ttlMs };
}

/** Its end is known: it is not among them any more. */
export function unlistAsOpen(sending: Sending): Write {
  return { unlist: INDEX, member: nameOf(sending) };
}

/** What was sent and has no known end yet, over all gateways, newest first; not complete when there are more than anybody could look through. */
export async function listOpenSendings(store: Store): Promise<{ sendings: Sending[]; isComplete: boolean }> {
  const entries = await store.readIndex(INDEX, Infinity, MAX_LISTED);
  return {
    sendings: entries.map(({ member }) => sendingOf(member)),
    isComplete: entries.length < MAX_LISTED,
  };
}
