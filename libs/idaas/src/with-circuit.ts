import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
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
export class UpstreamCircuit {
  private readonly breaker: CircuitBreakerPolicy;

  constructor(private readonly options: CircuitOptions) {
    const failed = handleWhen(
      (error) => error instanceof UpstreamUnreachable || error instanceof UpstreamTimedOut,
    );
    this.breaker = circuitBreaker(
      failed.orWhenResult((response) => saysUnavailable(response as UpstreamResponse)),
      { halfOpenAfter: options.pauseMs, breaker: new ConsecutiveBreaker(options.failures) },
    );
  }

  /** Whether nothing is sent at the moment, or one request that finds out. */
  get isOpen(): boolean {
    return this.breaker.state !== CircuitState.Closed;
  }

  /** Throws `CircuitOpen` without having called. */
  run<T>(call: () => Promise<T>): Promise<T> {
    return this.breaker.execute(call).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError ? new CircuitOpen(this.options.pauseMs) : error;
    });
  }
}

export function withCircuit(circuit: UpstreamCircuit): Layer {
  return (next) => (request) => circuit.run(() => next(request));
}
