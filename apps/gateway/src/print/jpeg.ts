import type { Base64Bytes } from './base64-bytes.js';
import type { ImageFacts } from './card-image.js';

const FILL = 0xff;
const START = Buffer.from([0xff, 0xd8]);
const END = Buffer.from([0xff, 0xd9]);
/** Phones write a film behind the picture. Compressed data of this length hold the two bytes of an end in any case. */
const MAX_BEHIND_END = 1_048_576;
const SCAN = 0xda;
/** Each holds up to 64 kB: metadata, profiles, thumbnails. */
const MAX_SEGMENTS = 5_000;
/** Between C0 and CF, but three of them are no frames (ITU-T T.81, table B.1). */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

/**
 * Undefined for what does not begin as JPEG or has no frame before its first scan (ITU-T T.81, annex B). It is whole when its end
 * stands behind the scan: one before it is that of a thumbnail.
 */
export function jpegFacts(bytes: Base64Bytes): ImageFacts | undefined {
  if (!beginsAsJpeg(bytes)) return undefined;
  let size: { width: number; height: number } | undefined;
  let at = START.length;
  for (let segments = 0; segments < MAX_SEGMENTS; segments += 1) {
    if (at + 9 > bytes.length || bytes.at(at) !== FILL) return undefined;
    const marker = bytes.at(at + 1);
    if (isFrame(marker)) size = { height: bytes.uint16(at + 5), width: bytes.uint16(at + 7) };
    if (marker === SCAN) return size && { ...size, isWhole: bytes.endsAfter(at, END, MAX_BEHIND_END) };
    at += marker === FILL ? 1 : 2 + bytes.uint16(at + 2);
  }
  return undefined;
}

export function beginsAsJpeg(bytes: Base64Bytes): boolean {
  return bytes.startsWith(START);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker);
}
