import type { StopConfig } from './stop.config.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const GIVEN_UP = 1;

/** A second signal, or the deadline after the first, ends the process whatever is still running. */
export function stopInTime({ deadlineMs }: StopConfig): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(GIVEN_UP);
    isStopping = true;
    setTimeout(() => process.exit(GIVEN_UP), deadlineMs).unref();
  };
  SIGNALS.forEach((signal) => process.on(signal, stop));
}
