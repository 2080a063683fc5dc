import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadConfig } from './load-config.js';
import { Secret } from './secret.js';
import { baseUrl, integer, oneOf, secret } from './setting-kind.js';
import { Setting } from './setting.decorator.js';

class Sample {
  @Setting({ name: 'PORT', kind: integer(1, 65_535), default: '3000', meaning: 'port' })
  readonly port!: number;

  @Setting({ name: 'ADDRESS', kind: baseUrl, meaning: 'address' })
  readonly address?: string;

  @Setting({ name: 'LEVEL', kind: oneOf('low', 'high'), default: 'low', meaning: 'level' })
  readonly level!: string;

  @Setting({ name: 'KEY', kind: secret, meaning: 'key' })
  readonly key?: Secret;

  @Setting({ name: 'PROXY', also: 'proxy', kind: secret, meaning: 'proxy' })
  readonly proxy?: Secret;

  faults(): string[] {
    return this.level === 'high' && !this.address ? ['LEVEL=high needs ADDRESS'] : [];
  }
}

const load = (environment: Record<string, string>) => loadConfig([Sample], environment).get(Sample);

class Extended extends Sample {
  @Setting({ name: 'MORE', kind: integer(1, 9), default: '1', meaning: 'more' })
  readonly more!: number;
}

describe('loadConfig', () => {
  it('takes a setting by its other name where the first one says nothing', () => {
    expect(load({ proxy: 'other' }).proxy?.reveal()).toBe('other');
    expect(load({ PROXY: '', proxy: 'other' }).proxy?.reveal()).toBe('other');
    expect(load({ PROXY: 'first', proxy: 'other' }).proxy?.reveal()).toBe('first');
  });

  it('loads what a class inherits', () => {
    expect(loadConfig([Extended], { MORE: '2', PORT: '4' }).get(Extended)).toMatchObject({
      more: 2,
      port: 4,
    });
  });

  it('takes defaults where nothing, or an empty text, is set', () => {
    expect(load({ PORT: '' })).toMatchObject({ port: 3000, level: 'low', address: undefined });
  });

  it('names every fault at once, and what would be right', () => {
    expect(() => load({ PORT: '0', ADDRESS: 'nowhere', LEVEL: 'loud' })).toThrow(
      /3 fault.*PORT must be a whole number from 1 to 65535, not "0".*ADDRESS must be.*LEVEL must be one of low, high/s,
    );
  });

  it('checks what holds between settings once each of them is sound', () => {
    expect(() => load({ LEVEL: 'high' })).toThrow('LEVEL=high needs ADDRESS');
  });

  it.each(['https://user:pass@host', 'https://host/?q=1', 'ftp://host', 'host'])(
    'refuses the address %s',
    (ADDRESS) => {
      expect(() => load({ ADDRESS })).toThrow('ADDRESS');
    },
  );

  it.each(['1e3', ' 80', '-1', '0x10', '3.5'])('refuses the number %s', (PORT) => {
    expect(() => load({ PORT })).toThrow('PORT');
  });

  it('drops the slash at the end of an address', () => {
    expect(load({ ADDRESS: 'https://host/base/' }).address).toBe('https://host/base');
  });

  it.each(['\n', '\r\n'])('takes a value without the line end %j of the file that it came from', (end) => {
    expect(load({ PORT: `80${end}`, KEY: `key${end}` }).port).toBe(80);
    expect(load({ KEY: `key${end}` }).key?.reveal()).toBe('key');
  });

  it('refuses a file of a secret that is empty, or no text', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
    writeFileSync(file, '\n');
    expect(() => load({ KEY_FILE: file })).toThrow(`KEY_FILE names an empty file: ${file}`);
    writeFileSync(file, Buffer.from([0xc3, 0x28]));
    expect(() => load({ KEY_FILE: file })).toThrow(`KEY_FILE: ${file} cannot be read (no text`);
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
    writeFileSync(file, 'from the file\n');
    expect(load({ KEY_FILE: file }).key?.reveal()).toBe('from the file');
    expect(() => load({ KEY_FILE: file, KEY: 'too' })).toThrow('both set');
    expect(() => load({ KEY_FILE: `${file}-missing` })).toThrow(
      `KEY_FILE: ${file}-missing cannot be read (ENOENT)`,
    );
  });
});

describe('Secret', () => {
  it('shows nothing wherever it is printed', () => {
    const value = new Secret('hidden');
    expect([String(value), JSON.stringify({ value }), inspect({ value })].join()).not.toContain('hidden');
    expect(value.reveal()).toBe('hidden');
  });
});
