import type { Caller } from '#libs/policy';
import type { StreamedAnswer } from '#libs/telemetry';
import { isFinalEvent, type StatusEvent } from '../status/status.event.js';
import type { EventStream } from './event-stream.js';

/** What a stream says last. */
type Ending = 'end' | 'token-expired' | 'reconnect';

/**
 * One caller who follows one job: each state once, in order, from behind the one that was seen last. Before each the caller is
 * admitted again, and whoever would be refused now is shown nothing more.
 */
export class JobFollower implements StreamedAnswer {
  private latest: readonly StatusEvent[] = [];
  private isTelling = false;
  private isOver = false;
  private endedWith: Ending | undefined;
  private sent = 0;

  constructor(
    private readonly caller: Caller,
    /** Rejects when a request of the caller would be refused now. */
    private readonly admitAgain: () => Promise<unknown>,
    private readonly stream: EventStream,
    private lastSeen: string | undefined,
    private readonly close: () => void,
  ) {}

  /** Sends what is new of all that is known; ends behind a final state. */
  tell(events: readonly StatusEvent[]): void {
    this.latest = events;
    if (!this.isTelling) void this.tellNews();
  }

  /** Says nothing, so that the connection is kept, to who would still be admitted. */
  async beat(): Promise<void> {
    if (await this.isAdmitted()) this.stream.comment();
  }

  /** Says why, and closes. */
  end(why: Ending): void {
    if (this.isOver) return;
    this.endedWith = why;
    this.stream.send(why, '{}');
    this.stream.end();
    this.leave();
  }

  /** `unread`: its reader left so much that it was dropped. */
  get reason(): Ending | 'unread' | 'caller-gone' {
    return this.endedWith ?? (this.stream.isDropped ? 'unread' : 'caller-gone');
  }

  /** How many states were sent. */
  get events(): number {
    return this.sent;
  }

  /** The connection is gone. */
  leave(): void {
    this.isOver = true;
    this.close();
  }

  private async tellNews(): Promise<void> {
    this.isTelling = true;
    while (!this.isOver && this.isNews(this.latest.at(-1))) {
      if (await this.isAdmitted()) this.send(this.latest);
    }
    this.isTelling = false;
  }

  /** Coming back, who is not is refused like everybody else. */
  private async isAdmitted(): Promise<boolean> {
    try {
      await this.admitAgain();
    } catch {
      this.end(this.caller.principal.expiresAtMs <= Date.now() ? 'token-expired' : 'reconnect');
    }
    return !this.isOver;
  }

  private isNews(last: StatusEvent | undefined): boolean {
    return last !== undefined && last.id !== this.lastSeen;
  }

  private send(events: readonly StatusEvent[]): void {
    const seenAt = events.findIndex(({ id }) => id === this.lastSeen);
    // Who knows none of them gets the present one.
    for (const { id, text } of seenAt < 0 ? events.slice(-1) : events.slice(seenAt + 1)) {
      this.lastSeen = id;
      // A state whose text was not kept is passed over: who missed it gets the next one.
      if (text === undefined) continue;
      this.stream.send('status', text, id);
      this.sent += 1;
    }
    const last = events.at(-1);
    if (last && isFinalEvent(last)) this.end('end');
  }
}
