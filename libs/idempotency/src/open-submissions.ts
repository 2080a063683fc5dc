import type { Store } from '#libs/store';

const INDEX = 'submissions:open';
const MAX_LISTED = 2_000;
const SEPARATOR = ' ';

/** A claim that was or is about to be sent: the same key may be claimed anew, so its id alone does not name it. */
export interface Sending {
  readonly id: string;
  readonly token: string;
}

/** What was sent and has no known end yet, over all gateways. */
export class OpenSubmissions {
  constructor(
    private readonly store: Store,
    private readonly keptMs: number,
  ) {}

  add(sending: Sending, dispatchedAtMs: number): Promise<void> {
    return this.store.addToIndex(INDEX, memberOf(sending), dispatchedAtMs, this.keptMs);
  }

  remove(sending: Sending): Promise<void> {
    return this.store.removeFromIndex(INDEX, memberOf(sending));
  }

  /** Newest first; not complete when there are more than anybody could look through. */
  async list(): Promise<{ sendings: Sending[]; isComplete: boolean }> {
    const entries = await this.store.readIndex(INDEX, Infinity, MAX_LISTED);
    const sendings = entries.map(({ member }) => {
      const [id = '', token = ''] = member.split(SEPARATOR);
      return { id, token };
    });
    return { sendings, isComplete: entries.length < MAX_LISTED };
  }
}

function memberOf({ id, token }: Sending): string {
  return id + SEPARATOR + token;
}
