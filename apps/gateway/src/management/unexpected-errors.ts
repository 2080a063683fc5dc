import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '#libs/telemetry';

type Listener = (error: unknown) => void;

/**
 * What nobody has caught, such as an error that a library throws where nobody can catch it: a fault of a dependency must not end the
 * process with all that it serves. It is logged and counted, with an alert, because a state that nobody thought of may be left behind.
 */
@Injectable()
export class UnexpectedErrors implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('UnexpectedErrors');
  private readonly listeners: readonly (readonly [event: string, listener: Listener])[];

  constructor(metrics: Metrics) {
    const counter = metrics.counter('unexpected_errors_total', 'Errors that nobody caught.', ['kind']);
    this.listeners = (
      [
        ['unhandledRejection', 'rejection'],
        ['uncaughtException', 'exception'],
      ] as const
    ).map(([event, kind]) => {
      counter.inc({ kind }, 0);
      const listener = (error: unknown) => {
        counter.inc({ kind });
        this.log.error({ err: error, kind }, 'an error that nobody caught; the gateway goes on');
      };
      return [event, listener] as const;
    });
  }

  onModuleInit(): void {
    for (const [event, listener] of this.listeners) process.on(event, listener);
  }

  onApplicationShutdown(): void {
    for (const [event, listener] of this.listeners) process.off(event, listener);
  }
}
