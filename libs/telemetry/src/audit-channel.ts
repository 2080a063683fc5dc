import type { Logger } from 'pino';
import type { Log } from './log.js';

/** Lines of the process's log that tell who did what: marked `"channel":"audit"`, and written whatever LOG_LEVEL says, and at once. */
export class AuditChannel {
  private readonly pino: Logger;

  constructor(private readonly log: Log) {
    this.pino = log.logger.child({ channel: 'audit' }, { level: 'info' });
  }

  write(event: object): void {
    this.pino.info(event);
    this.log.lines.flush();
  }
}
