import { Logger } from '@nestjs/common';
import { endProcess } from './end-process.js';
import type { StopConfig } from './stop.config.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
const STOPPED = 0;
const GIVEN_UP = 1;
/** What has stopped may take so long to end. */
const END_MS = 1_000;

/**
 * Stops the gateway when it is told to. A second signal, or the deadline after the first, ends the process whatever is still running; a
 * gateway that has not started has nothing to end.
 */
export class ShutdownDeadline {
  private isStopping = false;
  private close = () => Promise.resolve();

  constructor(private readonly config: StopConfig) {}

  /** From now on signals are heard. */
  listen(): this {
    for (const signal of SIGNALS) process.on(signal, () => this.stop());
    return this;
  }

  /** What is done before the process ends. */
  by(close: () => Promise<void>): void {
    this.close = close;
  }

  private stop(): void {
    if (this.isStopping) return giveUp();
    this.isStopping = true;
    setTimeout(giveUp, this.config.deadlineMs).unref();
    this.close().then(
      () => endProcess(STOPPED, END_MS),
      (error: unknown) => {
        new Logger(ShutdownDeadline.name).error({ err: error }, 'the gateway did not stop as it should');
        giveUp();
      },
    );
  }
}

function giveUp(): void {
  endProcess(GIVEN_UP, 0);
}
