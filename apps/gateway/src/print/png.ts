import type { Base64Bytes } from './base64-bytes.js';
import type { ImageFacts } from './card-image.js';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** The first chunk begins with its length, which is 13, and this name. */
const HEADER_NAME = nameAs('IHDR');
const LAST_NAME = nameAs('IEND');
/** A writer that cuts its pixels into small pieces makes a thousand of ten megabytes. */
const MAX_CHUNKS = 20_000;

/** Undefined for what does not begin as PNG (RFC 2083 §3.2, §4.1.1). It is whole when its chunks lead to the last one. */
export function pngFacts(bytes: Base64Bytes): ImageFacts | undefined {
  if (bytes.length < 24 || !bytes.startsWith(SIGNATURE) || bytes.uint32(12) !== HEADER_NAME) return undefined;
  return { width: bytes.uint32(16), height: bytes.uint32(20), ...lookForEnd(bytes) };
}

function lookForEnd(bytes: Base64Bytes): Pick<ImageFacts, 'isWhole' | 'isBroken'> {
  let at = SIGNATURE.length;
  for (let chunks = 0; chunks < MAX_CHUNKS && at + 8 <= bytes.length; chunks += 1) {
    if (!isName(bytes, at + 4)) return { isWhole: false, isBroken: true };
    const name = bytes.uint32(at + 4);
    // Length, name, data, checksum.
    at += 12 + bytes.uint32(at);
    if (name === LAST_NAME) return { isWhole: at <= bytes.length };
  }
  return { isWhole: false };
}

/** Four letters of ASCII (RFC 2083 §3.2). */
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
