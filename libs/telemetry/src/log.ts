import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { LogBatches, type ByteDestination } from './log-batches.js';

/** The process's log: its logger, and where its lines go, for who makes them without it. */
export interface Log {
  readonly logger: Logger;
  readonly lines: DestinationStream;
}

/**
 * The process's log: one JSON line per entry on standard output, written off the request path; in a terminal, for people
 * to read.
 * Nothing here logs headers or bodies; that is how secrets and card data stay out, not by redaction.
 */
export async function createLog(level: string): Promise<Log> {
  const lines = process.stdout.isTTY ? await prettyDestination() : new LogBatches(byteDestination());
  return { lines, logger: pino({ level, base: null, serializers: { err: errorWithoutPayload } }, lines) };
}

/** Its types know texts only. */
function byteDestination(): ByteDestination {
  return pino.destination({ dest: 1, sync: false, contentMode: 'buffer' }) as unknown as ByteDestination;
}

/** Loaded only where somebody looks. */
async function prettyDestination(): Promise<DestinationStream> {
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ colorize: true, ignore: 'pid,hostname' });
}

/** An error's type, code, message and stack, and its causes; not the properties libraries hang on errors. */
function errorWithoutPayload(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, code: 'code' in error ? error.code : undefined };
}
