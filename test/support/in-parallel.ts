/** Does this for each, so many at once; the results stand in the order of what they are of. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const work = async () => {
    for (const [index, item] of entries) results[index] = await act(item, index);
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
