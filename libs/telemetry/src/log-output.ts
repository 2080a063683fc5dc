import { fstatSync, openSync, write, writeSync, constants } from 'node:fs';
import { isatty } from 'node:tty';

export const STANDARD_OUTPUT = 1;

/** Says how many bytes were written, and what went wrong, if anything did. */
export type Written = (bytes: number, error?: NodeJS.ErrnoException) => void;

/** Where the bytes of the log go. */
export interface LogOutput {
  /** Writes some of these bytes, from the first one on. Nothing else of the process waits for it; `done` may be called at once. */
  write(bytes: Uint8Array, done: Written): void;
  /** The same at once, for when the process ends: how many bytes were written. Throws why none were. */
  writeNow(bytes: Uint8Array): number;
}

/** Standard output, whatever it is. */
export function standardOutput(): LogOutput {
  if (isatty(STANDARD_OUTPUT)) return terminal();
  const kind = fstatSync(STANDARD_OUTPUT);
  if (!kind.isFIFO() && !kind.isSocket()) return new PooledOutput(STANDARD_OUTPUT);
  // With its stream Node makes a pipe and a socket non-blocking, and as they were when the process ends.
  void process.stdout;
  return new NonBlockingOutput(STANDARD_OUTPUT);
}

/** Opened once more, because a terminal is shared with whoever started the process; one that is stopped (Ctrl-S) takes nothing. */
function terminal(): LogOutput {
  try {
    return new NonBlockingOutput(openSync('/dev/stdout', constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    return new PooledOutput(STANDARD_OUTPUT);
  }
}

/** A descriptor that says EAGAIN where another would wait: written to where the process runs, which costs least. */
class NonBlockingOutput implements LogOutput {
  constructor(private readonly descriptor: number) {}

  write(bytes: Uint8Array, done: Written): void {
    let written: number;
    try {
      written = this.writeNow(bytes);
    } catch (error) {
      return done(0, error as NodeJS.ErrnoException);
    }
    done(written);
  }

  writeNow(bytes: Uint8Array): number {
    return writeSync(this.descriptor, bytes);
  }
}

/** A file, whose disk may take its time: a thread of libuv's pool waits for it. */
class PooledOutput implements LogOutput {
  constructor(private readonly descriptor: number) {}

  write(bytes: Uint8Array, done: Written): void {
    write(this.descriptor, bytes, (error, written) => done(error ? 0 : written, error ?? undefined));
  }

  writeNow(bytes: Uint8Array): number {
    return writeSync(this.descriptor, bytes);
  }
}
