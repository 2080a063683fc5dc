import { LongText } from '../http/json/long-text.js';
import { areBase64Digits } from './base64.js';
import { Base64Bytes } from './base64-bytes.js';
import { beginsAsJpeg, jpegFacts } from './jpeg.js';
import { pngFacts } from './png.js';

/** `data:image/png;base64,…`; the vendor's own example leaves `base64,` out. */
const DATA_URI_PREFIX = /^data:[a-z]+\/[a-z0-9.+-]+;(?:base64,)?/i;
const LONGEST_PREFIX = 100;
const PADDING = /={0,2}$/;
const NO_BASE64 = 'must be base64, bare or as a data URI';
const NO_IMAGE = 'must be a JPEG or PNG image';
const NOT_WHOLE = 'must be a whole image; its end is missing';

/** What the bytes of an image say of it. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly isWhole: boolean;
  /** Whether it cannot be whole whatever follows. */
  readonly isBroken?: boolean;
}

/** Bounds of each side of an image. */
export interface SideBounds {
  readonly minPixels: number;
  readonly maxPixels: number;
}

/** What is wrong with the text as an image of a card, or undefined. What counts are its bytes, not its label. */
export function cardImageFault(text: unknown, sides: SideBounds): string | undefined {
  const asked = bytesOf(text);
  if (!asked) return 'must be a base64 text';
  const padding = PADDING.exec(asked.toString('latin1', Math.max(0, asked.length - 2)))?.[0] ?? '';
  const digits = withoutPrefix(asked.subarray(0, asked.length - padding.length));
  if (digits.length === 0 || !areBase64Digits(digits)) return NO_BASE64;
  return imageFault(new Base64Bytes(digits), sides);
}

/** What is wrong with a text that begins so, whatever comes behind it. Undefined says nothing: all of it must be looked at. */
export function cardImageBeginningFault(beginning: Buffer): string | undefined {
  const digits = withoutPrefix(beginning);
  const groups = digits.subarray(0, digits.length - (digits.length % 4));
  if (!areBase64Digits(groups)) return NO_BASE64;
  const bytes = new Base64Bytes(groups);
  const png = pngFacts(bytes);
  if (png) return png.isBroken ? NOT_WHOLE : undefined;
  return beginsAsJpeg(bytes) ? undefined : NO_IMAGE;
}

function withoutPrefix(text: Buffer): Buffer {
  return text.subarray(DATA_URI_PREFIX.exec(text.toString('latin1', 0, LONGEST_PREFIX))?.[0].length ?? 0);
}

/** UTF-8 turns what is beyond ASCII into bytes that are no digits. */
function bytesOf(text: unknown): Buffer | undefined {
  if (text instanceof LongText) return text.bytes;
  return typeof text === 'string' ? Buffer.from(text) : undefined;
}

/** One of the two forms cards are printed from (issuance-api 5.46, `PrintImageLayer`). */
function imageFault(bytes: Base64Bytes, { minPixels, maxPixels }: SideBounds): string | undefined {
  const facts = pngFacts(bytes) ?? jpegFacts(bytes);
  if (!facts) return NO_IMAGE;
  const sides = [facts.width, facts.height];
  if (Math.min(...sides) < minPixels) return `must be at least ${minPixels} pixels wide and high`;
  if (Math.max(...sides) > maxPixels) return `must be at most ${maxPixels} pixels wide and high`;
  return facts.isWhole ? undefined : NOT_WHOLE;
}
