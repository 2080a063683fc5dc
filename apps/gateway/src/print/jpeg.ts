import type { Base64Bytes } from './base64-bytes.js';
import type { ImageFacts } from './card-image.js';

const FILL = 0xff;
const START = Buffer.from([0xff, 0xd8]);
const END = Buffer.from([0xff, 0xd9]);
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
  if (!bytes.slice(0, 2).equals(START)) return undefined;
  let size: { width: number; height: number } | undefined;
  let at = START.length;
  for (let segments = 0; segments < MAX_SEGMENTS; segments += 1) {
    const segment = bytes.slice(at, 9);
    const marker = segment[1] ?? 0;
    if (segment.length < 9 || segment[0] !== FILL) return undefined;
    if (isFrame(marker)) size = { height: segment.readUInt16BE(5), width: segment.readUInt16BE(7) };
    if (marker === SCAN) return size && { ...size, isWhole: bytes.includesAfter(at, END) };
    at += marker === FILL ? 1 : 2 + segment.readUInt16BE(2);
  }
  return undefined;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker);
}
