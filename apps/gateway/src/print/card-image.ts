import { imageSize, types, disableTypes } from 'image-size';

/** The two forms cards are printed from (issuance-api 5.46, `PrintImageLayer`); no other is even looked for. */
const ACCEPTED = new Set(['png', 'jpg']);
disableTypes(types.filter((type) => !ACCEPTED.has(type)));

/** `data:image/png;base64,…`; the vendor's own example leaves `base64,` out. */
const DATA_URI_PREFIX = /^data:[a-z]+\/[a-z0-9.+-]+;(?:base64,)?/i;
const PADDING = /={0,2}$/;
const PNG_LAST_CHUNK = 'IEND';
const JPEG_END = Buffer.from([0xff, 0xd9]);

/** What is wrong with the text as an image of a card, or undefined. What counts are its bytes, not its label. */
export function cardImageFault(text: unknown, maxSidePixels: number): string | undefined {
  if (typeof text !== 'string') return 'must be a base64 text';
  const prefix = DATA_URI_PREFIX.exec(text.slice(0, 100))?.[0] ?? '';
  const base64 = text.slice(prefix.length);
  const bytes = decoded(base64);
  return bytes ? imageFault(bytes, maxSidePixels) : 'must be base64, bare or as a data URI';
}

/**
 * Either alphabet of RFC 4648 (§4, §5): the document asks for "base64 url", browsers write the other. Node's decoder passes
 * over what is neither, so that a foreign character shows in the length; looking at each of a million would cost more. Of one
 * beyond ASCII it sees the lower byte only, which may look like a digit.
 */
function decoded(base64: string): Buffer | undefined {
  if (Buffer.byteLength(base64) !== base64.length) return undefined;
  const digits = base64.length - (PADDING.exec(base64.slice(-2))?.[0].length ?? 0);
  const bytes = Buffer.from(base64, 'base64');
  return digits > 0 && digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
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
