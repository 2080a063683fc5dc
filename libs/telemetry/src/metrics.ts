import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Histogram } from 'prom-client';

const PREFIX = 'print_gateway_';
/** From a cached read to the longest print, in seconds. */
const REQUEST_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/**
 * The metrics of this process, for Prometheus to fetch. Labels have few values: never an id, a subject or what a caller can invent.
 */
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts events. */
  counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  /** Measures durations, in seconds, as are the upper bounds in `buckets`. */
  durations<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: readonly number[] = REQUEST_BUCKETS,
  ): Histogram<Label> {
    return new Histogram({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  /** A number that is looked at when somebody fetches it. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Such a number for each value of a label; a value that is not read any more is gone. */
  gauges(
    name: string,
    help: string,
    labelName: string,
    read: () => Iterable<readonly [label: string, value: number]>,
  ): void {
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames: [labelName],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [label, value] of read()) this.set({ [labelName]: label }, value);
      },
    });
  }

  /** A fact that stands in a label, such as a version; its value is always 1. */
  fact(name: string, help: string, labelName: string, read: () => string): void {
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames: [labelName],
      registers: [this.registry],
      collect() {
        this.reset();
        this.set({ [labelName]: read() }, 1);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything, in Prometheus's text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
