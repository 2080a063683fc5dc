import { imageSize, types, disableTypes } from 'image-size';
import { LongText } from '../http/json/long-text.js';
import { areBase64Digits } from './base64.js';

/** The two forms cards are printed from (issuance-api 5.46, `PrintImageLayer`); no other is even looked for. */
const ACCEPTED = new Set(['png', 'jpg']);
disableTypes(types.filter((type) => !ACCEPTED.has(type)));

/** `data:image/png;base64,…`; the vendor's own example leaves `base64,` out. */
const DATA_URI_PREFIX = /^data:[a-z]+\/[a-z0-9.+-]+;(?:base64,)?/i;
const LONGEST_PREFIX = 100;
const PADDING = /={0,2}$/;
const PNG_LAST_CHUNK = 'IEND';
const JPEG_END = Buffer.from([0xff, 0xd9]);
/** Where the size of an image and its end usually stand, in digits of base64: whole groups of four. */
const HEAD_DIGITS = 16_384;
const TAIL_DIGITS = 1_024;

/** What is wrong with the text as an image of a card, or undefined. What counts are its bytes, not its label. */
export function cardImageFault(text: unknown, maxSidePixels: number): string | undefined {
  const asked = bytesOf(text);
  if (!asked) return 'must be a base64 text';
  const prefix = DATA_URI_PREFIX.exec(asked.toString('latin1', 0, LONGEST_PREFIX))?.[0] ?? '';
  const padding = PADDING.exec(asked.toString('latin1', Math.max(0, asked.length - 2)))?.[0] ?? '';
  const digits = asked.subarray(prefix.length, asked.length - padding.length);
  if (digits.length === 0 || !areBase64Digits(digits)) return 'must be base64, bare or as a data URI';
  return imageFault(digits, maxSidePixels);
}

/** UTF-8 turns what is beyond ASCII into bytes that are no digits. */
function bytesOf(text: unknown): Buffer | undefined {
  if (text instanceof LongText) return text.bytes;
  return typeof text === 'string' ? Buffer.from(text) : undefined;
}

/** All of a large image is decoded only where its beginning or its end does not tell. */
function imageFault(digits: Buffer, maxSidePixels: number): string | undefined {
  const size = sizeOf(decoded(digits, 0, HEAD_DIGITS)) ?? sizeOf(decoded(digits, 0));
  if (!size) return 'must be a JPEG or PNG image';
  const { width, height } = size;
  if (width < 1 || height < 1) return 'must have at least one pixel';
  if (width > maxSidePixels || height > maxSidePixels)
    return `must be at most ${maxSidePixels} pixels wide and high`;
  const end = size.type === 'png' ? PNG_LAST_CHUNK : JPEG_END;
  const tailStart = Math.max(0, digits.length - (digits.length % 4) - TAIL_DIGITS);
  const isWhole = decoded(digits, tailStart).includes(end) || decoded(digits, 0).includes(end);
  return isWhole ? undefined : 'must be a whole image; its end is missing';
}

function decoded(digits: Buffer, start: number, end = digits.length): Buffer {
  return Buffer.from(digits.toString('latin1', start, end), 'base64');
}

function sizeOf(bytes: Buffer) {
  try {
    return imageSize(bytes);
  } catch {
    return undefined;
  }
}
