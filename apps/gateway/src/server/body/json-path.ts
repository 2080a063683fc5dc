/** The way to a value in JSON: names of members, and indexes of elements. */
export type JsonPath = readonly (string | number)[];

/** As violations name it, such as `print.front[0].data`. */
export function pathText(path: JsonPath): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}
