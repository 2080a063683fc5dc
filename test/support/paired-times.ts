/** Two things that were timed one right after the other, so that what slows the machine down slows both. */
export type Pair = readonly [first: number, second: number];

/** How much longer the first took: half of the pairs differ by more. */
export function differenceOf(pairs: readonly Pair[]): number {
  return median(pairs.map(([first, second]) => first - second));
}

export function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[values.length >> 1] ?? NaN;
}
