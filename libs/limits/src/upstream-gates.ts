import type { Metrics } from '#libs/telemetry';
import { FairConcurrencyLimiter, type GateOptions } from './fair-concurrency-limiter.js';

export interface UpstreamGateOptions extends GateOptions {
  /** How many prints run at the same time, over all tenants. */
  readonly parallelPrints: number;
}

/** Prints that take long hold back no reads, and the other way round: each have as many calls and places to wait of their own. */
export class UpstreamGates {
  readonly prints: FairConcurrencyLimiter;
  /** Reads, and changes of jobs that were printed. */
  readonly others: FairConcurrencyLimiter;

  constructor({ parallelPrints, ...options }: UpstreamGateOptions) {
    this.prints = new FairConcurrencyLimiter({ ...options, parallel: parallelPrints });
    this.others = new FairConcurrencyLimiter(options);
  }

  show(metrics: Metrics): void {
    const each = (read: (gate: FairConcurrencyLimiter) => number) => () => [
      ['prints', read(this.prints)] as const,
      ['others', read(this.others)] as const,
    ];
    const running = each((gate) => gate.runningCount);
    const waiting = each((gate) => gate.waitingCount);
    metrics.gauges('upstream_running', 'Calls to the upstream under way.', 'calls', running);
    metrics.gauges('upstream_waiting', 'Calls to the upstream that wait for their turn.', 'calls', waiting);
  }
}
