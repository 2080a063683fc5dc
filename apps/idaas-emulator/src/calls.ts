import type { IncomingHttpHeaders } from 'node:http';

/** The calls that arrived: how many of each operation, and with which headers the last one came. */
export class Calls {
  private readonly counts = new Map<string, number>();
  private readonly headers = new Map<string, IncomingHttpHeaders>();

  note(operation: string, headers: IncomingHttpHeaders): void {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1);
    this.headers.set(operation, headers);
  }

  count(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }

  lastHeaders(operation: string): IncomingHttpHeaders {
    return this.headers.get(operation) ?? {};
  }

  clear(): void {
    this.counts.clear();
    this.headers.clear();
  }
}
