import type { SettingKind } from './setting-kind.js';

/** One environment variable: its name, how it is read, its default as it would be written, what it means. */
export interface SettingOptions<T> {
  readonly name: string;
  /** Another name, by which all programs of a machine know it. */
  readonly also?: string;
  readonly kind: SettingKind<T>;
  readonly default?: string;
  readonly meaning: string;
}

/** A class whose fields are settings; each part has its own, beside the code that reads it. */
export type SettingsClass<T extends object = object> = new () => T;

interface DeclaredSetting extends SettingOptions<unknown> {
  readonly field: string;
}

const declared = new WeakMap<object, DeclaredSetting[]>();

/** Declares a field of a settings class as one environment variable. */
export function Setting<T>(options: SettingOptions<T>): PropertyDecorator {
  return (prototype, field) => {
    const settings = declared.get(prototype) ?? [];
    settings.push({ ...options, field: String(field) });
    declared.set(prototype, settings);
  };
}

/** The settings of a class, and of what it extends, in the order in which they are written; loading, the docs table and the sample read it. */
export function settingsOf(settingsClass: SettingsClass): readonly DeclaredSetting[] {
  const settings: DeclaredSetting[] = [];
  for (let at: unknown = settingsClass.prototype; at; at = Object.getPrototypeOf(at))
    settings.unshift(...(declared.get(at) ?? []));
  return settings;
}
