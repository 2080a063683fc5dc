import type { Layer, UpstreamRequest } from './send.js';

/** Told of each request that was sent to the upstream: which operation, how it ended, how long it took. */
export type Observe = (operation: string, outcome: string, seconds: number) => void;

/** Measures what is below it: one HTTP request, without what is waited for around it. */
export function withObservation(observe: Observe): Layer {
  return (next) => async (request) => {
    const startedAtMs = performance.now();
    try {
      const response = await next(request);
      tell(observe, request, String(response.status), startedAtMs);
      return response;
    } catch (error) {
      tell(observe, request, error instanceof Error ? error.name : 'Error', startedAtMs);
      throw error;
    }
  };
}

function tell(observe: Observe, { operation }: UpstreamRequest, outcome: string, startedAtMs: number): void {
  observe(operation, outcome, (performance.now() - startedAtMs) / 1000);
}
