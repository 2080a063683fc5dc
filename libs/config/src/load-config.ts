import type { SettingKind } from './setting-kind.js';
import { settingsOf, type SettingsClass } from './setting.decorator.js';
import { readText, secretText } from './text-file.js';

/** What was put into a Secret of Kubernetes with `echo` ends with one. */
const LINE_END = /[\r\n]+$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** A settings class that holds more than each field alone says implements this: what is wrong, in words. */
export interface CrossChecked {
  faults(): string[];
}

/** Everything that is wrong with the environment, found in one go. */
export class ConfigFaults extends Error {
  override readonly name = 'ConfigFaults';

  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

/** Settings read from the environment, one object per class. */
export class Config {
  constructor(private readonly bySettingsClass: ReadonlyMap<SettingsClass, object>) {}

  /** The settings of this class; throws when it was not loaded, which is a fault of the composition root. */
  get<T extends object>(settingsClass: SettingsClass<T>): T {
    const settings = this.bySettingsClass.get(settingsClass);
    if (!settings) throw new Error(`${settingsClass.name} was not loaded`);
    return settings as T;
  }

  entries(): Iterable<[SettingsClass, object]> {
    return this.bySettingsClass.entries();
  }
}

/**
 * Reads every setting of these classes; `faultsBetween` says what is wrong between classes, each of which is sound by itself. Throws
 * {@link ConfigFaults} with all faults together.
 */
export function loadConfig(
  classes: readonly SettingsClass[],
  environment: Environment,
  faultsBetween: (config: Config) => string[] = () => [],
): Config {
  const faults: string[] = [];
  const config = new Config(new Map(classes.map((each) => [each, loadSettings(each, environment, faults)])));
  if (faults.length === 0) faults.push(...faultsBetween(config));
  if (faults.length > 0) throw new ConfigFaults(faults);
  return config;
}

function loadSettings(settingsClass: SettingsClass, environment: Environment, faults: string[]): object {
  const settings = new settingsClass();
  const before = faults.length;
  for (const { field, name, also, kind, default: fallback } of settingsOf(settingsClass)) {
    const texts = [textGiven(name, kind, environment, faults), textOf(also, environment), fallback];
    const text = texts.find((each) => each !== undefined && each !== '');
    if (text === undefined) continue;
    const value = kind.parse(text);
    if (value === undefined)
      faults.push(`${name} must be ${kind.expected}${kind.secret ? '' : `, not "${text}"`}`);
    Reflect.set(settings, field, value);
  }
  if (faults.length === before && isCrossChecked(settings)) faults.push(...settings.faults());
  return settings;
}

function textGiven(
  name: string,
  { secret }: SettingKind<unknown>,
  environment: Environment,
  faults: string[],
): string | undefined {
  const given = secret ? secretGiven(name, environment, faults) : environment[name];
  return given?.replace(LINE_END, '');
}

function textOf(name: string | undefined, environment: Environment): string | undefined {
  return name === undefined ? undefined : environment[name];
}

/** A secret may also stand in a file that `NAME_FILE` names, as container platforms mount them. */
function secretGiven(name: string, environment: Environment, faults: string[]): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file) return environment[name];
  if (environment[name]) faults.push(`${name} and ${name}_FILE are both set: keep one`);
  try {
    const secret = secretText(readText(file));
    if (secret === '') faults.push(`${name}_FILE names an empty file: ${file}`);
    return secret;
  } catch (error) {
    faults.push(`${name}_FILE: ${(error as Error).message}`);
    return undefined;
  }
}

function isCrossChecked(settings: object): settings is CrossChecked {
  return 'faults' in settings && typeof settings.faults === 'function';
}
