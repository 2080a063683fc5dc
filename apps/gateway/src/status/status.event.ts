import { isFinalStatus } from '#libs/contract';

/** One state of a job, as it was seen. */
export interface StatusEvent {
  /** Names the state: another `BasicPrintResponse` has another id. */
  readonly id: string;
  /** When it was learnt from the upstream. */
  readonly atMs: number;
  readonly status: string | undefined;
  /** The vendor's `BasicPrintResponse` as it came; undefined where it is not kept. */
  readonly text: string | undefined;
}

export function isFinalEvent({ status }: StatusEvent): boolean {
  return isFinalStatus(status);
}
