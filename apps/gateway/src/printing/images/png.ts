import type { Base64Bytes } from './base64-bytes.js';
import type { ImageFacts, ImageState } from './card-image.js';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** The first chunk begins with its length, which is 13, and this name. */
const HEADER_NAME = nameAs('IHDR');
const DATA_NAME = nameAs('IDAT');
const LAST_NAME = nameAs('IEND');
/** A writer that cuts its pixels into small pieces makes a thousand of ten megabytes. */
const MAX_CHUNKS = 20_000;
/** The length, the name and the checksum of a chunk. */
const FRAME_BYTES = 12;

/**
 * Undefined for what does not begin as PNG (PNG, third edition, §5.2, §11.2.1). It is whole when its chunks lead to the last one, there are
 * pixels among them, and each has the checksum that it says (§5.3, §5.6).
 */
export function pngFacts(bytes: Base64Bytes): ImageFacts | undefined {
  if (bytes.length < 24 || !bytes.startsWith(SIGNATURE) || bytes.uint32(12) !== HEADER_NAME) return undefined;
  return { width: bytes.uint32(16), height: bytes.uint32(20), state: stateOf(bytes) };
}

function stateOf(bytes: Base64Bytes): ImageState {
  let hasPixels = false;
  let at = SIGNATURE.length;
  for (let chunks = 0; chunks < MAX_CHUNKS && at + 8 <= bytes.length; chunks += 1) {
    if (!isName(bytes, at + 4)) return 'damaged';
    const [length, name] = [bytes.uint32(at), bytes.uint32(at + 4)];
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) return 'cut';
    if (bytes.crc32(at + 4, end - 4) !== bytes.uint32(end - 4)) return 'damaged';
    hasPixels ||= name === DATA_NAME && length > 0;
    if (name === LAST_NAME) return hasPixels ? 'whole' : 'damaged';
    at = end;
  }
  return 'cut';
}

/** Four letters of ASCII (PNG §5.3). */
function isName(bytes: Base64Bytes, at: number): boolean {
  for (let place = at; place < at + 4; place += 1) {
    const upperCase = bytes.at(place) & 0xdf;
    if (upperCase < 0x41 || upperCase > 0x5a) return false;
  }
  return true;
}

function nameAs(letters: string): number {
  return Buffer.from(letters, 'latin1').readUInt32BE();
}
