/** Two things that were timed one right after the other, so that what slows the machine down slows both. */
export type Pair = readonly [first: number, second: number];

/** In what share of the pairs the first took longer: 0.5 where the two cannot be told apart (the sign test). */
export function shareOfLonger(pairs: readonly Pair[]): number {
  const longer = pairs.filter(([first, second]) => first > second).length;
  const equal = pairs.filter(([first, second]) => first === second).length;
  return (longer + equal / 2) / pairs.length;
}

export function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[values.length >> 1] ?? NaN;
}
