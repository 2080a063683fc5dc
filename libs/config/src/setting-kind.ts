import { Secret } from './secret.js';

/** How the text of an environment variable becomes a value. `parse` answers undefined for a text it refuses. */
export interface SettingKind<T> {
  /** What would be right, in words: "a whole number from 1 to 65535". */
  readonly expected: string;
  readonly secret?: boolean;
  parse(text: string): T | undefined;
}

export const text: SettingKind<string> = {
  expected: 'a text',
  parse: (value) => value,
};

export const path: SettingKind<string> = {
  expected: 'a path of a file',
  parse: (value) => value,
};

export const secret: SettingKind<Secret> = {
  expected: 'a secret',
  secret: true,
  parse: (value) => new Secret(value),
};

/** An absolute http(s) address without credentials, query or fragment; a trailing slash is dropped. */
export const baseUrl: SettingKind<string> = {
  expected: 'an address such as https://customer.us.trustedauth.com',
  parse(value) {
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    const plain = !url.username && !url.password && !url.search && !url.hash;
    return plain && /^https?:$/.test(url.protocol) ? url.href.replace(/\/+$/, '') : undefined;
  },
};

export function integer(min: number, max: number): SettingKind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse(value) {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

export function oneOf<const T extends string>(...choices: T[]): SettingKind<T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    parse: (value) => choices.find((choice) => choice === value),
  };
}
