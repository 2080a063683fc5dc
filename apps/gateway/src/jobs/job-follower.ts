import type { Caller } from '#libs/policy';
import { isFinalEvent, type StatusEvent } from '../status/status.event.js';
import type { EventStream } from './event-stream.js';

/** One caller who follows one job: each state once, in order, from behind the one that was seen last. */
export class JobFollower {
  constructor(
    readonly caller: Caller,
    private readonly stream: EventStream,
    private lastSeen: string | undefined,
    private readonly close: () => void,
  ) {}

  /** Sends what is new of all that is known; ends behind a final state. */
  tell(events: readonly StatusEvent[]): void {
    const seenAt = events.findIndex(({ id }) => id === this.lastSeen);
    // Who knows none of them gets the present one.
    for (const event of seenAt < 0 ? events.slice(-1) : events.slice(seenAt + 1)) this.send(event);
    const last = events.at(-1);
    if (last && last.id === this.lastSeen && isFinalEvent(last)) this.end('end');
  }

  keepAwake(): void {
    this.stream.comment();
  }

  /** Says why, and closes. */
  end(why: 'end' | 'token-expired' | 'reconnect'): void {
    this.stream.send(why, '{}');
    this.stream.end();
    this.close();
  }

  /** The connection is gone. */
  leave(): void {
    this.close();
  }

  /** A state whose text was not kept is passed over: who missed it gets the next one. */
  private send({ id, text }: StatusEvent): void {
    this.lastSeen = id;
    if (text !== undefined) this.stream.send('status', text, id);
  }
}
