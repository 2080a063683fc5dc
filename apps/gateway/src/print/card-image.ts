import { imageSize, types, disableTypes } from 'image-size';

/** The two forms cards are printed from (issuance-api 5.46, `PrintImageLayer`); no other is even looked for. */
const ACCEPTED = new Set(['png', 'jpg']);
disableTypes(types.filter((type) => !ACCEPTED.has(type)));

/** `data:image/png;base64,…`; the vendor's own example leaves `base64,` out. */
const DATA_URI_PREFIX = /^data:[a-z]+\/[a-z0-9.+-]+;(?:base64,)?/i;
/** Either alphabet of RFC 4648 (§4, §5): the document asks for "base64 url", browsers write the other. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const PNG_LAST_CHUNK = 'IEND';
const JPEG_END = Buffer.from([0xff, 0xd9]);

/** What is wrong with the text as an image of a card, or undefined. What counts are its bytes, not its label. */
export function cardImageFault(text: unknown, maxSidePixels: number): string | undefined {
  if (typeof text !== 'string') return 'must be a base64 text';
  const prefix = DATA_URI_PREFIX.exec(text.slice(0, 100))?.[0] ?? '';
  const base64 = text.slice(prefix.length);
  if (!BASE64.test(base64)) return 'must be base64, bare or as a data URI';
  return imageFault(Buffer.from(base64, 'base64'), maxSidePixels);
}

function imageFault(bytes: Buffer, maxSidePixels: number): string | undefined {
  const size = sizeOf(bytes);
  if (!size) return 'must be a JPEG or PNG image';
  const { width, height } = size;
  if (width < 1 || height < 1) return 'must have at least one pixel';
  if (width > maxSidePixels || height > maxSidePixels)
    return `must be at most ${maxSidePixels} pixels wide and high`;
  const end = size.type === 'png' ? bytes.lastIndexOf(PNG_LAST_CHUNK) : bytes.lastIndexOf(JPEG_END);
  return end === -1 ? 'must be a whole image; its end is missing' : undefined;
}

function sizeOf(bytes: Buffer) {
  try {
    return imageSize(bytes);
  } catch {
    return undefined;
  }
}
