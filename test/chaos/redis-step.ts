/**
 * The steps of a print that a command of Redis does, each as it is called among those of every print: by its name and the kinds of its keys,
 * without ids. None in what is no step of a print: probes, subscriptions, and what is read at intervals. Several that are asked for at the same
 * moment are in one command.
 */
export function stepsIn(words: readonly string[]): string[] {
  const [command = '', , count = '0', ...rest] = words;
  if (!/^eval(sha)?$/i.test(command)) return [];
  const [keys, script] = [rest.slice(0, Number(count)), rest.slice(Number(count))];
  const steps: string[] = [];
  let key = 0;
  for (const [at, name] of script.entries()) {
    // A step is its name, how many keys are its, and its words, none of which is a name before a number.
    const keysOfIt = Number(/^[a-z]+$/i.test(name) ? script[at + 1] : NaN);
    if (!Number.isInteger(keysOfIt)) continue;
    steps.push(`${name} (${[...new Set(keys.slice(key, key + keysOfIt).map(kindOf))].join(' ')})`);
    key += keysOfIt;
  }
  return steps;
}

/** `print-gateway:turn:{<printer>}:open` is `turn:open`. */
function kindOf(key: string): string {
  const parts = key.split(':').slice(1);
  return parts.filter((part) => !/^\{|^\d/.test(part)).join(':');
}
