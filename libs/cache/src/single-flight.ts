/** Of several who want the same at the same time one does the work; the others wait for what it brings. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** Whether this key's work is under way, so that `run` would join it. */
  isUnderWay(key: string): boolean {
    return this.flights.has(key);
  }

  run(key: string, work: () => Promise<T>): Promise<T> {
    const joined = this.flights.get(key);
    if (joined) return joined;
    const flight = work().finally(() => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }

  /** Whoever comes from now on does not join the work under way: what it brings may be out of date. */
  detach(key: string): void {
    this.flights.delete(key);
  }
}
