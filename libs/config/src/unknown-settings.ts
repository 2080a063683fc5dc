import { settingsOf, type SettingsClass } from './setting.decorator.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What Kubernetes and Docker put into the environment for each service, whatever its name is. */
const OF_A_SERVICE = /_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?|NAME|ENV_\w+)$/;
/** What npm tells the programs that it starts, and proxies for what the gateway does not speak. */
const OF_OTHERS = /^(npm_|((all|ftp|rsync)_proxy|noproxy)$)/i;
/** OpenTelemetry has many more variables than the one that is read here. */
const SHARED_WORD = 'OTEL';

/**
 * Variables that look as if they were meant for the gateway, and are none of its settings, each with the setting that was probably meant: those that are a slip
 * or a word away from one, and those that begin with a word by which several settings begin. Values are not looked at.
 */
export function unknownSettings(classes: readonly SettingsClass[], environment: Environment): string[] {
  const names = classes.flatMap((each) => settingsOf(each)).flatMap(namesOf);
  const words = wordsOf(names);
  return Object.keys(environment)
    .filter((name) => environment[name] !== '' && !names.includes(name) && !isOfOthers(name))
    .flatMap((name) => {
      const nearest = nearestOf(name, names);
      if (nearest !== undefined) return [`${name} (${nearest} was probably meant)`];
      return words.has(firstWordOf(name)) ? [name] : [];
    });
}

const isOfOthers = (name: string) => OF_A_SERVICE.test(name) || OF_OTHERS.test(name);

const namesOf = ({ name, also, kind }: { name: string; also?: string; kind: { secret?: boolean } }) => [
  name,
  ...(also === undefined ? [] : [also]),
  ...(kind.secret ? [`${name}_FILE`] : []),
];

const firstWordOf = (name: string) => name.split('_')[0] ?? '';

/** Those that more than one setting begins with. */
function wordsOf(names: readonly string[]): Set<string> {
  const words = names.map(firstWordOf).filter((word) => word !== SHARED_WORD);
  return new Set(words.filter((word, index) => words.indexOf(word) !== index));
}

function nearestOf(name: string, names: readonly string[]): string | undefined {
  const upper = name.toUpperCase().replaceAll('-', '_');
  const near = names
    .map((known) => ({ known, distance: distanceOf(upper, known) }))
    .filter(({ known, distance }) => distance <= allowedFor(known) || isAWordAway(upper, known))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.known;
}

/** How many slips are a misspelling rather than another name. */
function allowedFor(known: string): number {
  if (known.length < 8) return known.length < 6 ? 0 : 1;
  return 2;
}

/** Such as IDAAS_READ_TIMEOUT for IDAAS_READ_TIMEOUT_MS; a name of one word is too common for that. */
const isAWordAway = (name: string, known: string) =>
  name.includes('_') &&
  known.includes('_') &&
  (known.startsWith(`${name}_`) ||
    name.startsWith(`${known}_`) ||
    known.endsWith(`_${name}`) ||
    name.endsWith(`_${known}`));

/** How many letters must be put in, left out or changed, or neighbours exchanged, to make one of the other (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = at(rows, i - 1, j - 1) + Number(a[i - 1] !== b[j - 1]);
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchange = isExchange ? at(rows, i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1, change, exchange));
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

const at = (rows: readonly (readonly number[])[], i: number, j: number) => rows[i]?.[j] ?? Infinity;
