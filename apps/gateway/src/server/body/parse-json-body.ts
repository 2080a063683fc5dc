import { isAscii, isUtf8 } from 'node:buffer';
import { MalformedRequest } from '#libs/problem';
import { notBase64 } from './body.problems.js';
import type { JsonPath } from './json-path.js';
import type { JsonScanner, LongString } from './json-scanner.js';
import { RawJsonString } from './raw-json-string.js';
import { unescapeInPlace } from './unescape.js';

/** Shorter ones are cheaper as strings. */
const MIN_RAW_LENGTH = 4_096;

/**
 * What a whole body says, its long strings as `RawJsonString`. What is escaped in them is written as itself, in its place in `bytes`. Throws
 * `MalformedRequest` for what is no JSON in UTF-8.
 */
export function parseJsonBody(bytes: Buffer, scanner: JsonScanner): unknown {
  scanner.requireEnd();
  const long = scanner.longStrings.filter(({ start, end }) => end - start > MIN_RAW_LENGTH);
  const value = parse(withoutStrings(bytes, long));
  for (const string of long) place(value, string.path, rawString(bytes, string));
  return value;
}

/** The body with empty strings in the place of these. */
function withoutStrings(bytes: Buffer, strings: readonly LongString[]): string {
  let json = '';
  let end = startOf(bytes);
  for (const string of strings) {
    json += decode(bytes.subarray(end, string.start));
    end = string.end;
  }
  return json + decode(bytes.subarray(end));
}

/** Behind a mark of UTF-8, which readers may ignore (RFC 8259 §8.1). */
function startOf(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** ASCII is the same in Latin-1, which needs no decoding. A NUL at the beginning is UTF-16 or UTF-32: in JSON there is none. */
function decode(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new MalformedRequest({ detail: 'The body is not UTF-8.' });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new MalformedRequest({
      detail:
        json.startsWith('\0') || json[1] === '\0' ? 'The body is not UTF-8.' : 'The body is not valid JSON.',
    });
  }
}

function rawString(bytes: Buffer, { path, start, end, isEscaped }: LongString): RawJsonString {
  const length = isEscaped ? unescapeInPlace(bytes.subarray(start, end)) : end - start;
  if (length === undefined) throw notBase64(path);
  return new RawJsonString(bytes.subarray(start, start + length));
}

/** No name stands twice in what was scanned, so the path leads to where the string stood. */
function place(value: unknown, path: JsonPath, string: RawJsonString): void {
  const last = path.length - 1;
  let holder = value as Record<string | number, unknown>;
  for (const step of path.slice(0, last)) holder = holder[step] as Record<string | number, unknown>;
  holder[path[last] as string | number] = string;
}
