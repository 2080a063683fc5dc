import type { Room, Take } from '#libs/store';

/** What a submission takes of a limit of its caller's, in one step with its key. */
export interface LimitCharge {
  /** Undefined where it needs nothing of the Store. */
  readonly take: Take | undefined;
  /** To be called once. Returns what the submission is refused with, where there was no room. */
  onResult(result: ChargeResult): Error | undefined;
}

/** Taken; or not, and the room that there was, where it was looked at. Lost: it may be taken all the same. */
type ChargeResult = { readonly isTaken: boolean; readonly room: Room | undefined } | 'lost';
