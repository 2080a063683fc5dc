import { readFileSync } from 'node:fs';

/** What the codes of an operating system say, where more than the code helps. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: ': this process may not read it',
  EISDIR: ': it is a folder, as Docker makes one where the file that is to be mounted is missing',
};

/** A file that cannot be read, or is no text; names the file, and repeats nothing of what stands in it. */
export class FileFault extends Error {
  override readonly name = 'FileFault';

  constructor(
    path: string,
    readonly code: string,
    reason: string = REASONS[code] ?? '',
  ) {
    super(`${path} cannot be read (${code}${reason})`);
  }
}

/** Throws {@link FileFault}. */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new FileFault(path, (error as NodeJS.ErrnoException).code ?? 'unknown');
  }
}

/** What stands in a file of text, without a byte order mark. Throws {@link FileFault}. */
export function readText(path: string): string {
  const text = textOf(readBytes(path));
  if (text === undefined) throw new FileFault(path, 'no text', ': save it as UTF-8');
  return text;
}

/**
 * The text of these bytes: UTF-8, with a byte order mark or without; UTF-16 with one, as PowerShell and Notepad write it. Undefined where
 * they are no such text.
 */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    // UTF-16 without its mark is full of them.
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** A secret is no longer for the line end that an editor or `echo` put behind it. */
export function secretText(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}

// eslint-disable-next-line no-control-regex -- what no secret of text has in it
const CONTROL_CHARACTER = /[\x00-\x1f\x7f]/;

/** The secret that stands in a file: where that is text, as {@link secretText} has it; else its very bytes. */
export function secretOf(bytes: Buffer): Buffer {
  const text = textOf(bytes);
  if (text === undefined) return bytes;
  const secret = secretText(text);
  return CONTROL_CHARACTER.test(secret) ? bytes : Buffer.from(secret);
}
