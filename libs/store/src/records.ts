interface Kept {
  readonly record: string;
  readonly atMs: number;
}

/** The records of one stream, in this process, each with the time at which it was added. */
export class Records {
  private readonly kept: Kept[] = [];

  append(record: string, atMs: number, maxLength: number): void {
    this.kept.push({ record, atMs });
    this.kept.splice(0, this.kept.length - maxLength);
  }

  /** The last ones, newest first. */
  last(limit: number): string[] {
    return this.kept
      .slice(-limit)
      .reverse()
      .map(({ record }) => record);
  }

  /** Drops those that were added before this time. */
  dropBefore(timeMs: number): void {
    const first = this.kept.findIndex(({ atMs }) => atMs >= timeMs);
    this.kept.splice(0, first === -1 ? this.kept.length : first);
  }
}
