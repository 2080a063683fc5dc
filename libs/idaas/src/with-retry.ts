import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { UpstreamUnreachable } from './idaas.problems.js';
import { saysUnavailable, type Layer, type UpstreamResponse } from './send.js';

export interface RetryOptions {
  /** In all, the first one included. */
  readonly attempts: number;
  readonly delayMs: number;
}

/**
 * Sends a read again when the connection failed or the upstream says that it is away. Anything but a GET and what is said to be
 * safe is sent once: a proxy must not repeat what is not idempotent (RFC 9110 §9.2.2); the card may have left.
 */
export function withRetry({ attempts, delayMs }: RetryOptions): Layer {
  const failed = handleWhen((error) => error instanceof UpstreamUnreachable).orWhenResult((response) =>
    saysUnavailable(response as UpstreamResponse),
  );
  const again = retry(failed, {
    maxAttempts: attempts - 1,
    backoff: new ExponentialBackoff({ initialDelay: delayMs, maxDelay: delayMs * 10 }),
  });
  return (next) => (request) => {
    if (attempts === 1 || (request.method !== 'GET' && !request.isSafe)) return next(request);
    return again.execute(() => next(request));
  };
}
