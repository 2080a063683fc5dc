import { Deadline } from './deadline.js';
import type { Layer } from './send.js';

/** Everything below ends within the request's `timeoutMs`; the caller then gets `UpstreamTimedOut` at once. */
export const withDeadline: Layer = (next) => (request) =>
  new Promise((resolve, reject) => {
    const deadline = new Deadline(request.timeoutMs, reject);
    const met = () => deadline.met();
    const answer = next({ deadline, ...request });
    answer.then(resolve, reject);
    answer.then(met, met);
  });
