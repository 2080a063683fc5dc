import { RawJsonString } from '../../server/body/raw-json-string.js';
import { areBase64Digits } from './base64.js';
import { Base64Bytes } from './base64-bytes.js';
import { dataUriPrefixLength } from './data-uri.js';
import { beginsAsJpeg, jpegFacts } from './jpeg.js';
import { pngFacts } from './png.js';

const PADDING = /={0,2}$/;
const NO_BASE64 = 'must be base64, bare or as a data URI';
const NO_IMAGE = 'must be a JPEG or PNG image';
const FAULTS = {
  cut: 'must be a whole image; its end is missing',
  damaged: 'must be a whole image; a part of it is damaged or missing',
  whole: undefined,
} as const;

/** Whether all of an image is there; damaged is what cannot be whole whatever follows. */
export type ImageState = keyof typeof FAULTS;

/** What the bytes of an image say of it. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly state: ImageState;
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
  const digits = withoutDataUriPrefix(asked.subarray(0, asked.length - padding.length));
  if (digits.length === 0 || !areBase64Digits(digits)) return NO_BASE64;
  return imageFault(new Base64Bytes(digits), sides);
}

/** What is wrong with a text that begins so, whatever comes behind it. Undefined says nothing: all of it must be looked at. */
export function cardImagePrefixFault(prefix: Buffer): string | undefined {
  const digits = withoutDataUriPrefix(prefix);
  const groups = digits.subarray(0, digits.length - (digits.length % 4));
  if (!areBase64Digits(groups)) return NO_BASE64;
  const bytes = new Base64Bytes(groups);
  const png = pngFacts(bytes);
  if (png) return png.state === 'damaged' ? FAULTS.damaged : undefined;
  return beginsAsJpeg(bytes) ? undefined : NO_IMAGE;
}

function withoutDataUriPrefix(text: Buffer): Buffer {
  return text.subarray(dataUriPrefixLength(text));
}

/** UTF-8 turns what is beyond ASCII into bytes that are no digits. */
function bytesOf(text: unknown): Buffer | undefined {
  if (text instanceof RawJsonString) return text.bytes;
  return typeof text === 'string' ? Buffer.from(text) : undefined;
}

/** One of the two forms cards are printed from (issuance-api 5.46, `PrintImageLayer`). */
function imageFault(bytes: Base64Bytes, { minPixels, maxPixels }: SideBounds): string | undefined {
  const facts = pngFacts(bytes) ?? jpegFacts(bytes);
  if (!facts) return NO_IMAGE;
  const sides = [facts.width, facts.height];
  if (Math.min(...sides) < minPixels) return `must be at least ${minPixels} pixels wide and high`;
  if (Math.max(...sides) > maxPixels) return `must be at most ${maxPixels} pixels wide and high`;
  return FAULTS[facts.state];
}
