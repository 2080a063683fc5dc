import type { Logger } from 'pino';

/** Lines of the process's log that tell who did what: marked `"channel":"audit"`, and written whatever LOG_LEVEL says. */
export class AuditChannel {
  private readonly pino: Logger;

  constructor(log: Logger) {
    this.pino = log.child({ channel: 'audit' }, { level: 'info' });
  }

  write(event: object): void {
    this.pino.info(event);
  }
}
