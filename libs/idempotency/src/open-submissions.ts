import type { Store } from '#libs/store';

const INDEX = 'submissions:open';
const MAX_LISTED = 2_000;

/** The ids of what was sent and has no known end yet, over all gateways. */
export class OpenSubmissions {
  constructor(
    private readonly store: Store,
    private readonly keptMs: number,
  ) {}

  add(id: string, dispatchedAtMs: number): Promise<void> {
    return this.store.addToIndex(INDEX, id, dispatchedAtMs, this.keptMs);
  }

  remove(id: string): Promise<void> {
    return this.store.removeFromIndex(INDEX, id);
  }

  /** Newest first; not complete when there are more than anybody could look through. */
  async list(): Promise<{ ids: string[]; isComplete: boolean }> {
    const entries = await this.store.readIndex(INDEX, Infinity, MAX_LISTED);
    return { ids: entries.map(({ member }) => member), isComplete: entries.length < MAX_LISTED };
  }
}
