import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText, secretOf } from './text-file.js';

const directory = mkdtempSync(join(tmpdir(), 'text-file-'));
const TEXT = '{"name": "Müller €"}\n';
const BOM = '\uFEFF';

function fileOf(content: string | Uint8Array): string {
  const path = join(directory, 'file');
  writeFileSync(path, content);
  return path;
}
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('a file of text', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(BOM + TEXT)],
    ['UTF-16, as PowerShell writes it', Buffer.from(BOM + TEXT, 'utf16le')],
    ['UTF-16, the other end first', bigEndian(BOM + TEXT)],
  ])('is read in %s', (_, bytes) => {
    expect(readText(fileOf(bytes))).toBe(TEXT);
  });

  it.each([
    ['Latin-1', Buffer.from(TEXT, 'latin1')],
    ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')],
    ['UTF-16 that was cut', Buffer.from(BOM + TEXT, 'utf16le').subarray(0, 9)],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])],
  ])('is refused in %s, by its name and what to do, and nothing of it is repeated', (_, bytes) => {
    const path = fileOf(bytes);
    expect(() => readText(path)).toThrow(
      expect.objectContaining({ message: `${path} cannot be read (no text: save it as UTF-8)` }),
    );
  });

  it('says when it is a folder, which Docker makes where a file is missing', () => {
    const folder = join(directory, 'folder');
    mkdirSync(folder);
    expect(() => readText(folder)).toThrow(/folder cannot be read \(EISDIR: it is a folder, as Docker/);
  });
});

describe('the secret in a file', () => {
  it.each(['\n', '\r\n', '\n\n', ''])('is without the line end %j behind it', (end) => {
    expect(secretOf(Buffer.from(`pass wörd${end}`)).toString()).toBe('pass wörd');
    expect(secretOf(Buffer.from(`${BOM}pass wörd${end}`, 'utf16le')).toString()).toBe('pass wörd');
  });

  it('keeps a space at its end, which may be a part of it', () => {
    expect(secretOf(Buffer.from('pass \n')).toString()).toBe('pass ');
  });

  it.each([
    ['random bytes', Buffer.from([0x9f, 0x41, 0x0d, 0x0a])],
    ['text with control characters', Buffer.from('\x01key\n')],
    ['several lines', Buffer.from('a\nb\n')],
  ])('is kept to the byte where it is %s', (_, bytes) => {
    expect(secretOf(bytes)).toEqual(bytes);
  });
});
