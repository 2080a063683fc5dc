import type { Occupant } from '#libs/limits';
import { NoMoreStreams } from './events.problems.js';
import type { JobFollower } from './job-follower.js';

/** The place of one stream, from before it is open until its response is closed. */
export class StreamPlace implements Occupant {
  private opened: JobFollower | undefined;
  private isLost = false;

  constructor(private readonly leave: () => void) {}

  /** Who has it; undefined until the stream is open. */
  get follower(): JobFollower | undefined {
    return this.opened;
  }

  /** Throws `NoMoreStreams` when it was given up meanwhile. */
  requireKept(): void {
    if (this.isLost) throw new NoMoreStreams();
  }

  open(follower: JobFollower): void {
    this.opened = follower;
  }

  /** The stream is told to come again later; one that is not open yet will not be. */
  giveWay(): void {
    this.isLost = true;
    this.opened?.end('reconnect');
  }

  /** Gives it back; a second time changes nothing. */
  release(): void {
    this.leave();
  }
}
