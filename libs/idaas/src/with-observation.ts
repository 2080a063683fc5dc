import { traced } from '#libs/telemetry';
import type { Layer, Send, UpstreamRequest, UpstreamResponse } from './send.js';

/** Told of each request that was sent to the upstream: which operation, how it ended, how long it took. */
export type Observe = (operation: string, outcome: string, seconds: number) => void;

/** Measures what is below it: one HTTP request, without what is waited for around it. */
export function withObservation(observe: Observe): Layer {
  return (next) => (request) => traced(`upstream ${request.operation}`, () => send(next, request, observe));
}

function send(next: Send, request: UpstreamRequest, observe: Observe): Promise<UpstreamResponse> {
  const startedAtMs = performance.now();
  return next(request).then(
    (response) => {
      tell(observe, request, String(response.status), startedAtMs);
      return response;
    },
    (error: unknown) => {
      tell(observe, request, error instanceof Error ? error.name : 'Error', startedAtMs);
      throw error;
    },
  );
}

function tell(
  observe: Observe,
  { operation, context }: UpstreamRequest,
  outcome: string,
  startedAtMs: number,
): void {
  const milliseconds = performance.now() - startedAtMs;
  context?.noteUpstreamCall(milliseconds);
  observe(operation, outcome, milliseconds / 1000);
}
