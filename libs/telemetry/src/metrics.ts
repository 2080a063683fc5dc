import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const PREFIX = 'print_gateway_';
/** From a cached read to the longest print, in seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Labels that have few values: never an id, a subject or what a caller can invent. */
type Labels = Readonly<Record<string, string>>;

/** The numbers of this process, for Prometheus to fetch. One object for each, made once, is what costs little per request. */
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts events. Give each combination of labels its own counter, and keep it. */
  counter(name: string, help: string, labelNames: readonly string[]): (labels: Labels) => { inc(): void } {
    const counter = new Counter({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
    return kept(labelNames, (labels) => counter.labels(labels));
  }

  /** Measures durations, in seconds. */
  durations(
    name: string,
    help: string,
    labelNames: readonly string[],
  ): (labels: Labels) => { observe(seconds: number): void } {
    const histogram = new Histogram({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      buckets: BUCKETS,
      registers: [this.registry],
    });
    return kept(labelNames, (labels) => histogram.labels(labels));
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

/** Finds the same object again for the same labels, one label after the other, without building a key each time. */
function kept<T>(names: readonly string[], make: (labels: Labels) => T): (labels: Labels) => T {
  const root = new Shelf<T>();
  return (labels) => {
    let shelf = root;
    for (const name of names) shelf = shelf.at(labels[name] as string);
    return (shelf.kept ??= make(labels));
  };
}

class Shelf<T> {
  kept: T | undefined;
  private readonly shelves = new Map<string, Shelf<T>>();

  at(value: string): Shelf<T> {
    let shelf = this.shelves.get(value);
    if (!shelf) this.shelves.set(value, (shelf = new Shelf()));
    return shelf;
  }
}
