import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** What Nest says of its own start: of interest to whoever debugs the wiring. */
const WIRING = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** Routes Nest's own logger, and everybody's who uses it, into the process's log. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(WIRING.has(rest.at(-1) as string) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest passes the context last; an object is merged into the line, with a text behind it as its message. */
  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const isEntry = typeof message === 'object' && message !== null;
    const texts = isEntry ? rest.slice(0, -1) : [message];
    this.pino[level](isEntry ? { context, ...message } : { context }, texts.join(' ') || undefined);
  }
}
