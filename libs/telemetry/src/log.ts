import { pino, stdSerializers, type Logger } from 'pino';

/**
 * The process's logger: one JSON line per entry on standard output, written off the request path.
 * Nothing here logs headers or bodies; that is how secrets and card data stay out, not by redaction.
 */
export function createLog(level: string): Logger {
  const destination = pino.destination({ dest: 1, sync: false });
  return pino({ level, base: null, serializers: { err: errorWithoutPayload } }, destination);
}

/** An error's type, code, message and stack, and its causes; not the properties libraries hang on errors. */
function errorWithoutPayload(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, code: 'code' in error ? error.code : undefined };
}
