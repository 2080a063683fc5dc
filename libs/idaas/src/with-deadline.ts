import { UpstreamTimedOut } from './idaas.problems.js';
import type { Layer } from './send.js';

/** Everything below ends within the request's `timeoutMs`; the caller then gets `UpstreamTimedOut` at once. */
export const withDeadline: Layer = (next) => async (request) => {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const timedOut = new UpstreamTimedOut();
      abort.abort(timedOut);
      reject(timedOut);
    }, request.timeoutMs);
  });
  try {
    return await Promise.race([next({ signal: abort.signal, ...request }), deadline]);
  } finally {
    clearTimeout(timer);
  }
};
