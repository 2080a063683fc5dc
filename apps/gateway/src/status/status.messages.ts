import { Injectable } from '@nestjs/common';
import type { PrintStatusId } from '#libs/contract';
import { Store } from '#libs/store';

const CHANNEL = 'statuses';

/** What is done with a message; this gateway hears its own too. */
export interface MessageHandlers {
  /** The job was changed through a gateway. */
  readonly changed: (id: PrintStatusId) => void;
  /** A new state of the job stands in its history. */
  readonly seen: (id: PrintStatusId) => void;
}

/** What gateways tell each other of jobs: which one to look at, and nothing of its status. One that is away misses it. */
@Injectable()
export class StatusMessages {
  constructor(private readonly store: Store) {}

  /** Whoever polls the job shall look at once. Rejects with `StoreUnavailable`. */
  tellChanged(id: PrintStatusId): Promise<void> {
    return this.store.publish(CHANNEL, `look ${id}`);
  }

  /** Never rejects: who does not hear it reads the history at the next turn. */
  async tellSeen(id: PrintStatusId): Promise<void> {
    await this.store.publish(CHANNEL, `seen ${id}`).catch(() => {});
  }

  /** Until the returned function is called. */
  listen({ changed, seen }: MessageHandlers): () => void {
    return this.store.subscribe(CHANNEL, (message) => {
      // Gateways of an earlier version write the state behind the id.
      const [what, id] = message.split(' ', 2) as [string, PrintStatusId];
      if (what === 'look') changed(id);
      else seen(id);
    });
  }
}
