import { parseArgs, type ParseArgsConfig } from 'node:util';
import { FEATURES, JOB_SCOPES, PrinterId, type Feature, type JobScope } from '#libs/contract';
import { UsageFault } from './usage.js';

/** Whose a job is, for the caller. */
const JOBS = ['own', 'tenant', 'other', 'unknown'] as const;

const OPTIONS = {
  ...{ token: { type: 'string' }, roles: { type: 'string' }, operation: { type: 'string' } },
  ...{ printer: { type: 'string' }, features: { type: 'string' }, copies: { type: 'string' } },
  ...{ job: { type: 'string' }, scope: { type: 'string' } },
  ...{ blank: { type: 'boolean' }, 'no-key': { type: 'boolean' } },
} as const satisfies ParseArgsConfig['options'];

/** What a request is asked about, as far as the command line says. */
export interface ExplainOptions {
  readonly file: string;
  readonly token: string | undefined;
  readonly roles: readonly string[] | undefined;
  readonly operation: string;
  readonly printer: PrinterId | undefined;
  readonly features: readonly Feature[] | undefined;
  readonly copies: number;
  readonly job: (typeof JOBS)[number] | undefined;
  readonly scope: JobScope;
  readonly isBlank: boolean;
  readonly hasKey: boolean;
  /** The names of the options that were given. */
  readonly given: ReadonlySet<string>;
}

/** Throws {@link UsageFault}. */
export function readOptions(words: readonly string[]): ExplainOptions {
  const { values, positionals } = parsed(words);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageFault('explain takes one file');
  if ((values.token === undefined) === (values.roles === undefined))
    throw new UsageFault('name either --token or --roles');
  if (values.operation === undefined) throw new UsageFault('name the --operation');
  return {
    file,
    token: values.token,
    roles: listOf(values.roles),
    operation: values.operation,
    printer: printerOf(values.printer),
    features: listOf(values.features)?.map((name) => oneOf('--features', FEATURES, name)),
    copies: copiesOf(values.copies),
    job: values.job === undefined ? undefined : oneOf('--job', JOBS, values.job),
    scope: oneOf('--scope', JOB_SCOPES, values.scope ?? 'own'),
    isBlank: values.blank ?? false,
    hasKey: !values['no-key'],
    given: new Set(Object.keys(values)),
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageFault((error as Error).message);
  }
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageFault(`${option} knows ${known.join(', ')}, not ${text}`);
  return found;
}

function printerOf(text: string | undefined): PrinterId | undefined {
  const id = PrinterId.parse(text);
  if (text !== undefined && id === undefined)
    throw new UsageFault('--printer must be an id of 32 to 36 hexadecimal digits and dashes');
  return id;
}

function copiesOf(text = '1'): number {
  const copies = Number(text);
  if (!/^\d+$/.test(text) || copies < 1) throw new UsageFault('--copies must be a whole number from 1 on');
  return copies;
}
