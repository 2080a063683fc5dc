import type { Room, Take } from '#libs/store';

/** What a submission takes of a limit of its caller's, together with its key. */
export interface Demand {
  /** Undefined where it needs nothing of the Store. */
  readonly take: Take | undefined;
  /** To be told what came of it, once. What the submission is refused with, where there was no room. */
  answered(answer: Answer): Error | undefined;
}

/** Taken; or not, and the room that there was, where it was looked at. Lost: it may be taken all the same. */
type Answer = { readonly isTaken: boolean; readonly room: Room | undefined } | 'lost';
