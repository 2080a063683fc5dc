import { isAscii, isUtf8 } from 'node:buffer';
import { MalformedRequest } from '#libs/problem';
import type { BodyMemory } from './body-memory.js';
import { notBase64 } from './body.problems.js';
import type { JsonPath } from './json-path.js';
import type { FoundText, JsonScanner } from './json-scanner.js';
import { LongText } from './long-text.js';
import { unescapeInPlace } from './unescape.js';

/** Shorter ones are cheaper as strings. */
const LEAST_LENGTH = 4_096;

/** What a whole body says, its long texts as `LongText`. Throws `MalformedRequest` for what is no JSON in UTF-8. */
export function readJson(memory: BodyMemory, scanner: JsonScanner): unknown {
  scanner.requireEnd();
  const { bytes } = memory;
  const long = scanner.texts.filter(({ start, end }) => end - start > LEAST_LENGTH);
  const value = parsed(withoutTexts(bytes, long));
  for (const text of long) place(value, text.path, longText(memory, text));
  return value;
}

/** The body with empty texts in the place of these. */
function withoutTexts(bytes: Buffer, texts: readonly FoundText[]): string {
  let json = '';
  let end = startOf(bytes);
  for (const text of texts) {
    json += decoded(bytes.subarray(end, text.start));
    end = text.end;
  }
  return json + decoded(bytes.subarray(end));
}

/** Behind a mark of UTF-8, which readers may ignore (RFC 8259 §8.1). */
function startOf(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** ASCII is the same in Latin-1, which needs no decoding. A NUL at the beginning is UTF-16 or UTF-32: in JSON there is none. */
function decoded(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new MalformedRequest({ detail: 'The body is not UTF-8.' });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new MalformedRequest({
      detail:
        json.startsWith('\0') || json[1] === '\0' ? 'The body is not UTF-8.' : 'The body is not valid JSON.',
    });
  }
}

function longText(memory: BodyMemory, { path, start, end, isEscaped }: FoundText): LongText {
  const length = isEscaped ? unescapeInPlace(memory.bytes.subarray(start, end)) : end - start;
  if (length === undefined) throw notBase64(path);
  return new LongText(memory, start, start + length);
}

/** No name stands twice in what was scanned, so the path leads to where the text stood. */
function place(value: unknown, path: JsonPath, text: LongText): void {
  const last = path.length - 1;
  let holder = value as Record<string | number, unknown>;
  for (const step of path.slice(0, last)) holder = holder[step] as Record<string | number, unknown>;
  holder[path[last] as string | number] = text;
}
