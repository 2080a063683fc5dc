import { RawJsonString } from '../../server/body/raw-json-string.js';

/** `data:image/png;name=badge.png;base64,…` (RFC 2397 §3); the vendor's own example leaves `base64,` out. */
const PREFIX = /^data:([a-z0-9/.+-]*)((?:;[a-z][a-z0-9-]*=[^=;,\s"][^;,\s"]*)*);(?:base64,)?/i;
const LONGEST_PREFIX = 512;
/** As MIME has them in base64 (RFC 2045 §6.8). A long string is read without them. */
const LINE_BREAKS = /[\r\n]+/g;

/** How much of these characters comes before the digits: 0 for what is no data URI. */
export function dataUriPrefixLength(text: Buffer): number {
  return PREFIX.exec(text.toString('latin1', 0, LONGEST_PREFIX))?.[0].length ?? 0;
}

/**
 * An image as the vendor's document writes one (issuance-api 5.46, `PrintImageLayer.data`), whatever else RFC 2397 and MIME allow:
 * without parameters and line breaks, and without a prefix that names no type. What is no text stays what it is.
 */
export function plainImageText(image: unknown): unknown {
  if (image instanceof RawJsonString) {
    const begin = image.bytes.toString('latin1', 0, LONGEST_PREFIX);
    const plain = plainPrefixOf(begin);
    return plain ? image.withPrefix(plain.now, plain.before) : image;
  }
  if (typeof image !== 'string') return image;
  const text = image.replaceAll(LINE_BREAKS, '');
  const plain = plainPrefixOf(text.slice(0, LONGEST_PREFIX));
  return plain ? plain.now + text.slice(plain.before) : text;
}

/** What stands in the place of so many characters; undefined where they may stay. It is never longer than they are. */
function plainPrefixOf(begin: string): { readonly before: number; readonly now: string } | undefined {
  const [prefix, type = '', parameters] = PREFIX.exec(begin) ?? [];
  if (prefix === undefined || (type !== '' && parameters === '')) return undefined;
  return { before: prefix.length, now: type === '' ? '' : `data:${type};base64,` };
}
