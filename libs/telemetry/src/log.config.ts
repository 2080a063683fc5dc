import { oneOf, Setting } from '#libs/config';

export class LogConfig {
  @Setting({
    name: 'LOG_LEVEL',
    kind: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    meaning: 'the least severe log line that is written',
  })
  readonly level!: string;
}
