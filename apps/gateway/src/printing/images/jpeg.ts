import type { Base64Bytes } from './base64-bytes.js';
import type { ImageFacts } from './card-image.js';

const FILL = 0xff;
const START = Buffer.from([0xff, 0xd8]);
const START_AGAIN = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
/** Each holds up to 64 kB: metadata, profiles, thumbnails. A progressive image has some ten scans. */
const MAX_SEGMENTS = 5_000;
/** Between C0 and CF, but three of them are no frames (ITU-T T.81, table B.1). */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];
/**
 * Undefined for what does not begin as JPEG or has no frame before its first scan (ITU-T T.81, annex B). It is whole when its segments and
 * scans lead to its end: what stands within a segment, such as a thumbnail with an end of its own, is passed over. Phones write a film
 * behind it.
 */
export function jpegFacts(bytes: Base64Bytes): ImageFacts | undefined {
  return beginsAsJpeg(bytes) ? new JpegWalk(bytes).facts() : undefined;
}

/** The way from segment to segment. */
class JpegWalk {
  private size: { readonly width: number; readonly height: number } | undefined;
  private hasScan = false;
  private at = START.length;

  constructor(private readonly bytes: Base64Bytes) {}

  facts(): ImageFacts | undefined {
    let marker = this.marker();
    for (let segments = 0; segments < MAX_SEGMENTS && marker !== END && this.pass(marker); segments += 1)
      marker = this.marker();
    return this.size && { ...this.size, state: marker === END && this.hasScan ? 'whole' : 'cut' };
  }

  /** Undefined where none stands, or all has ended. */
  private marker(): number | undefined {
    const { bytes, at } = this;
    return at + 1 < bytes.length && bytes.at(at) === FILL ? bytes.at(at + 1) : undefined;
  }

  /** Whether there may be more behind the segment that begins here. */
  private pass(marker: number | undefined): boolean {
    if (marker === undefined || marker === START_AGAIN) return false;
    if (marker === FILL) this.at += 1;
    else this.passSegment(marker);
    return this.at >= 0;
  }

  private passSegment(marker: number): void {
    const { bytes, at } = this;
    if (isFrame(marker)) this.size ??= { height: bytes.uint16(at + 5), width: bytes.uint16(at + 7) };
    this.at += 2 + bytes.uint16(at + 2);
    if (marker !== SCAN) return;
    this.hasScan = true;
    this.at = this.size ? bytes.markerFrom(this.at) : -1;
  }
}

export function beginsAsJpeg(bytes: Base64Bytes): boolean {
  return bytes.startsWith(START);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker);
}
