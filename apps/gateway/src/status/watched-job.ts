import type { Caller } from '#libs/policy';
import type { StatusEvent } from './status.event.js';

/** Told all states that are known of a job, whenever there may be a new one. */
export type StatusListener = (events: readonly StatusEvent[]) => void;

/** A job that somebody at this gateway watches. */
export class WatchedJob {
  /** Who watches, and on whose account. */
  readonly listeners = new Map<StatusListener, Caller>();
  timer: NodeJS.Timeout | undefined;
  isTurning = false;
  /** Whether another look was asked for during the turn: what that one asked may be older than the change. */
  lookAgain = false;
  /** When the last look ended. */
  lookedAtMs = Date.now();
  /** The last state that the listeners were told with its text. */
  toldId: string | undefined;

  constructor(public intervalMs: number) {}

  tell(events: readonly StatusEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    if (last.text !== undefined) this.toldId = last.id;
    [...this.listeners.keys()].forEach((listener) => listener(events));
  }
}
