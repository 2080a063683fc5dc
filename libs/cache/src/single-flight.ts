/** Of several who want the same at the same time one does the work; the others wait for what it brings. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** The work that is under way for this key, to be joined. */
  find(key: string): Promise<T> | undefined {
    return this.flights.get(key);
  }

  /** Lets others join the work until it has ended. */
  begin(key: string, flight: Promise<T>): void {
    const end = () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    this.flights.set(key, flight);
    flight.then(end, end);
  }

  /** Whoever comes from now on does not join the work under way: what it brings may be out of date. */
  detach(key: string): void {
    this.flights.delete(key);
  }
}
