import { isatty } from 'node:tty';
import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { LogBatches } from './log-batches.js';
import { STANDARD_OUTPUT, standardOutput } from './log-output.js';
import type { Metrics } from './metrics.js';

/** Takes lines of the log, and writes them now and then. */
interface LogLines extends DestinationStream {
  /** Writes what it has, at once where the output takes it. */
  flush(): void;
}

/** The process's log: its logger, and where its lines go, for who makes them without it. */
export interface Log {
  readonly logger: Logger;
  readonly lines: LogLines;
}

/**
 * The process's log: one JSON line per entry on standard output, written off the request path; in a terminal, for people
 * to read. However long the output takes nothing, nobody waits for it: lines are dropped and counted then.
 * Nothing here logs headers or bodies; that is how secrets and card data stay out, not by redaction.
 */
export async function createLog(level: string, metrics: Metrics): Promise<Log> {
  const dropped = metrics.counter(
    'log_lines_dropped_total',
    'Lines that the output of the log did not take in time.',
  );
  const batches = new LogBatches(standardOutput(), (count) => dropped.inc(count));
  const lines = isatty(STANDARD_OUTPUT) ? await pretty(batches) : batches;
  return { lines, logger: pino({ level, base: null, serializers: { err: errorWithoutPayload } }, lines) };
}

/** Loaded only where somebody looks. */
async function pretty(lines: LogLines): Promise<LogLines> {
  const { prettyFactory } = await import('pino-pretty');
  const toText = prettyFactory({ colorize: true, ignore: 'pid,hostname' });
  return { write: (line) => lines.write(toText(line)), flush: () => lines.flush() };
}

/** An error's type, code, message and stack, and its causes; not the properties libraries hang on errors. */
function errorWithoutPayload(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, code: 'code' in error ? error.code : undefined };
}
