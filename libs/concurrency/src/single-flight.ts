/** Of several who want the same at the same time one does the work; the others wait for what comes of it, its failure too. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** How many are under way that can be joined. */
  get size(): number {
    return this.flights.size;
  }

  /** The work that is under way for this key, to be joined. */
  find(key: string): Promise<T> | undefined {
    return this.flights.get(key);
  }

  /** Joins the work that is under way for this key, or begins it. */
  run(key: string, work: () => Promise<T>): Promise<T> {
    const underWay = this.find(key);
    if (underWay) return underWay;
    const flight = work();
    this.begin(key, flight);
    return flight;
  }

  /** Lets others join the work until it has ended. Where nobody waits for it any more its failure is nobody's. */
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
