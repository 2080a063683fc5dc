import { Logger } from '@nestjs/common';

/** What the libs log as errors, such as what Redis refuses, is for the person at the terminal; the rest is the gateways' matter. */
export function logToStandardError(): void {
  const nothing = () => {};
  const error = (...words: unknown[]) => {
    // Behind the message stands the context.
    const texts = words.slice(0, -1).filter((word) => typeof word === 'string');
    process.stderr.write(`${texts.join(' ')}\n`);
  };
  Logger.overrideLogger({
    log: nothing,
    warn: nothing,
    debug: nothing,
    verbose: nothing,
    error,
    fatal: error,
  });
}
