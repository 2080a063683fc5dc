import { isConversation } from '#libs/contract';
import type { StatusEvent } from './status.event.js';

/** A job that was in its queue for so long is looked at once in a tenth of that time. */
const PATIENCE = 10;

export interface PollTimes {
  readonly watchIntervalMs: number;
  readonly watchSlowestMs: number;
}

/** How long until the next look: a job that moves is looked at often, one that stays in its queue less and less. */
export function pollInterval(last: StatusEvent | undefined, nowMs: number, times: PollTimes): number {
  const { watchIntervalMs, watchSlowestMs } = times;
  if (!last || last.status === 'IN_PROGRESS' || isConversation(last.status)) return watchIntervalMs;
  return Math.max(watchIntervalMs, Math.min(watchSlowestMs, (nowMs - last.atMs) / PATIENCE));
}
