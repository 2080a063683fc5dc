import { collectDefaultMetrics, Counter, Gauge, Registry, type Metric } from 'prom-client';
import { Durations, REQUEST_BOUNDS } from './durations.js';
import { Series, type Labels } from './series.js';

const PREFIX = 'print_gateway_';

/**
 * The numbers of this process, for Prometheus to fetch. What a request causes is counted in plain numbers; prom-client, which
 * looks at labels each time, sees them when somebody fetches them.
 */
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts events. */
  counter(
    name: string,
    help: string,
    labelNames: readonly string[],
  ): (labels: Labels) => { inc(by?: number): void } {
    const series = new Series(labelNames, () => new Count());
    new Counter({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, thing } of series.all) this.inc(labels, thing.value);
      },
    });
    return (labels) => series.at(labels);
  }

  /** Measures durations, in seconds; `bounds` are those of its buckets. */
  durations(
    name: string,
    help: string,
    labelNames: readonly string[],
    bounds: readonly number[] = REQUEST_BOUNDS,
  ): (labels: Labels) => { observe(seconds: number): void } {
    const series = new Series(labelNames, () => new Durations(bounds));
    const full = PREFIX + name;
    const values = () => series.all.flatMap(({ labels, thing }) => thing.valuesOf(full, labels));
    const get = () => Promise.resolve({ name: full, help, type: 'histogram', values: values() });
    this.registry.registerMetric({ name: full, get } as unknown as Metric);
    return (labels) => series.at(labels);
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

class Count {
  value = 0;

  inc(by = 1): void {
    this.value += by;
  }
}
