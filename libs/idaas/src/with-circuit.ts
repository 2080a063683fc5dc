import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { CircuitOpen, UpstreamTimedOut, UpstreamUnreachable } from './idaas.problems.js';
import { saysUnavailable, type Layer, type UpstreamResponse } from './send.js';

export interface CircuitOptions {
  readonly failures: number;
  readonly pauseMs: number;
}

/** After so many failures in a row nothing is sent for a while; then one request finds out. */
export function circuitFor({ failures, pauseMs }: CircuitOptions): CircuitBreakerPolicy {
  const failed = handleWhen(
    (error) => error instanceof UpstreamUnreachable || error instanceof UpstreamTimedOut,
  );
  return circuitBreaker(
    failed.orWhenResult((response) => saysUnavailable(response as UpstreamResponse)),
    { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(failures) },
  );
}

export function withCircuit(circuit: CircuitBreakerPolicy, pauseMs: number): Layer {
  return (next) => async (request) => {
    try {
      return await circuit.execute(() => next(request));
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new CircuitOpen(pauseMs);
      throw error;
    }
  };
}
