import type { Base64Bytes } from './base64-bytes.js';
import type { ImageFacts } from './card-image.js';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** A writer that cuts its pixels into small pieces makes a thousand of ten megabytes. */
const MAX_CHUNKS = 20_000;

/** Undefined for what does not begin as PNG (RFC 2083 §3.2, §4.1.1). It is whole when its chunks lead to the last one. */
export function pngFacts(bytes: Base64Bytes): ImageFacts | undefined {
  const head = bytes.slice(0, 24);
  if (head.length < 24 || !head.subarray(0, 8).equals(SIGNATURE) || nameOf(head.subarray(8)) !== 'IHDR')
    return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), isWhole: reachesEnd(bytes) };
}

function reachesEnd(bytes: Base64Bytes): boolean {
  let at = SIGNATURE.length;
  for (let chunks = 0; chunks < MAX_CHUNKS; chunks += 1) {
    const header = bytes.slice(at, 8);
    if (header.length < 8) return false;
    // Length, name, data, checksum.
    at += 12 + header.readUInt32BE(0);
    if (at > bytes.length) return false;
    if (nameOf(header) === 'IEND') return true;
  }
  return false;
}

function nameOf(chunk: Buffer): string {
  return chunk.toString('latin1', 4, 8);
}
