import { holdsCardData, isFinalStatus } from '#libs/contract';

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

/** The event as it may be kept, or told over the shared state: without card data. */
export function keptEvent(event: StatusEvent): StatusEvent {
  return event.text !== undefined && holdsCardData(event.text) ? { ...event, text: undefined } : event;
}

export function isFinalEvent({ status }: StatusEvent): boolean {
  return isFinalStatus(status);
}
