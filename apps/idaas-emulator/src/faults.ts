/** What may go wrong. `before` and `after` mean the effect of the request. */
export const FAULT_KINDS = [
  'latency',
  'latency-after',
  // The request is taken as a whole, and done so much later, whether or not anybody waits for its answer.
  'late-effect',
  'status',
  'reset-before',
  'reset-after',
  'half-body',
  'html',
  // Compressed, whether or not that was asked for.
  'gzip',
  'unauthorized',
  'unauthorized-after',
  'slow-drip',
  // Blanks behind the JSON, up to fifty megabytes.
  'long',
] as const;

export interface Fault {
  /** The vendor's operationId, or `*`. */
  readonly operation: string;
  readonly kind: (typeof FAULT_KINDS)[number];
  /** For so many requests; left out: for all. */
  readonly count?: number;
  /** For this share of the requests, from 0 to 1. */
  readonly share?: number;
  readonly milliseconds?: number;
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The faults that are switched on, and how many requests each has left. */
export class Faults {
  private active: (Fault & { left: number })[] = [];

  /** `chance` gives numbers from 0 to 1; the share of a fault is held against them. */
  constructor(private readonly random: () => number) {}

  add(fault: Fault): void {
    this.active.push({ ...fault, left: fault.count ?? Infinity });
  }

  list(): readonly Fault[] {
    return this.active;
  }

  clear(): void {
    this.active = [];
  }

  /** The faults that this request meets; each is used up by one. */
  meet(operation: string): Fault[] {
    const met = this.active.filter(
      (fault) => [operation, '*'].includes(fault.operation) && this.random() < (fault.share ?? 1),
    );
    met.forEach((fault) => (fault.left -= 1));
    this.active = this.active.filter((fault) => fault.left > 0);
    return met;
  }
}
