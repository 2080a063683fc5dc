import type { Labels } from './series.js';

/** From a cached read to the longest print, in seconds. */
export const REQUEST_BOUNDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/** One value of a histogram as prom-client writes it out. */
export interface HistogramValue {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** How long things took, in plain numbers: prom-client's own histogram finds its labels anew for each of them. */
export class Durations {
  private sum = 0;
  /** How many ended within each bound, and behind the last one the others. */
  private readonly counts: number[];

  constructor(private readonly bounds: readonly number[]) {
    this.counts = [...bounds.map(() => 0), 0];
  }

  observe(seconds: number): void {
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] as number)) index += 1;
    this.counts[index] = (this.counts[index] as number) + 1;
    this.sum += seconds;
  }

  /** In Prometheus's form: each bucket has what the smaller ones have as well. */
  valuesOf(name: string, labels: Labels): HistogramValue[] {
    let count = 0;
    const buckets = this.counts.map((within, index) => ({
      metricName: `${name}_bucket`,
      labels: { le: String(this.bounds[index] ?? '+Inf'), ...labels },
      value: (count += within),
    }));
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
