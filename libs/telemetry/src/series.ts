/** Labels that have few values: never an id, a subject or what a caller can invent. */
export type Labels = Readonly<Record<string, string>>;

/** One thing for each combination of labels: made once, and found again label by label, without building a key each time. */
export class Series<T> {
  private readonly made: { readonly labels: Labels; readonly thing: T }[] = [];
  private readonly root = new Shelf<T>();

  constructor(
    private readonly names: readonly string[],
    private readonly make: () => T,
  ) {}

  at(labels: Labels): T {
    let shelf = this.root;
    for (const name of this.names) shelf = shelf.at(labels[name] as string);
    return (shelf.kept ??= this.added(labels));
  }

  get all(): readonly { readonly labels: Labels; readonly thing: T }[] {
    return this.made;
  }

  private added(labels: Labels): T {
    const thing = this.make();
    this.made.push({ labels, thing });
    return thing;
  }
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
