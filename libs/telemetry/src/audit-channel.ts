import type { Logger } from 'pino';
import type { Log } from './log.js';

/** Lines of the process's log that tell who did what: written whatever LOG_LEVEL says, and at once. */
export class AuditChannel {
  private readonly pino: Logger;

  constructor(private readonly log: Log) {
    this.pino = log.logger.child({ channel: 'audit' }, { level: 'info' });
  }

  /** As an entry of the log, marked `"channel":"audit"`. */
  write(event: object): void {
    this.pino.info(event);
    this.log.lines.flush();
  }

  /** As a line that is in a form of its own. */
  writeLine(line: string): void {
    this.log.lines.write(`${line}\n`);
    this.log.lines.flush();
  }
}
